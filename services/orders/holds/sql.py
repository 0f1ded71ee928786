"""Every statement about holds. Policies narrow each to the transaction's organisation; inserted rows name it."""

INSERT = """
    INSERT INTO order_holds (organization_id, order_id, id, reason, owner, note, actor, create_time)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""

DELETE = "DELETE FROM order_holds WHERE order_id = %s AND id = %s RETURNING reason, of_store"
