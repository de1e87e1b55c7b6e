"""The demonstration region: invented people, firms and offices of Almaty region at true scale.

Everything comes from one seed and one day: the same two give the same files. Identifier numbers hold
dates in the future, so they can belong to nobody.
"""
