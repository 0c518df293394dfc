"""A SAG and a Siigo that share no code with the product, nor with its own stand-ins.

They were written from the official texts and what integrators noted of the live services, and behave in ways that the
product was not made for: other words, columns in other case and order, numbers and dates as SQL Server prints them.
"""
