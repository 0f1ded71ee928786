"""The end of demands that did not end themselves: their time is up, or somebody takes their units by force."""
