"""Django's PostgreSQL, whose pool is emptied as soon as one of its connections is found dead.

When the server was started anew, every connection that lay in the pool is dead. The pool finds that out one by one,
each time a request asks, and pauses longer after each: from the fifth on, a request waited its 20 seconds and failed,
while the database had long been back.
"""
