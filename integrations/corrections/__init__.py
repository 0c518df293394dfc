"""Putting many records right at once, and filling in what a company always writes the same."""
