"""Imports: one module a noun, all by the same run of rows."""
