"""Figures, points and comparisons put together as a review.

parts → each indicator as a report shows it
findings → what is weak, strong or worth attention, in sentences
plan → the action plan, ordered openly
front → the five lines of the front page
assemble → the `Review`
"""
