"""Stand-ins for the two ERPs: real sockets, the documented wire formats, for demo, training and tests.

They share no code with the product, so that a mistake in a client or a catalogue can't hide here.
"""
