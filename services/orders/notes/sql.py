"""Every statement about notes. Policies narrow each to the transaction's organisation; inserted rows name it."""

INSERT = """
    INSERT INTO order_notes (organization_id, order_id, id, text, actor, create_time) VALUES (%s, %s, %s, %s, %s, %s)
"""
