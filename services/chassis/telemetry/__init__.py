"""What a running process tells of itself: logs, traces, metrics."""
