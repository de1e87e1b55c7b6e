"""Imports of people and courses, by the run of rows that `quota.imports` defines."""
