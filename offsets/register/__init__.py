"""The public record of cancellations: what is looked for, its counts, its files, its organisations.
"""
