"""Rounds: snapshot, solve, publish. The one door to the engine."""
