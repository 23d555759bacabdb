"""What the past of cases tells: conversion, durations, outcomes and forecasts, computed from their moves.

`selection` says which cases are looked at, as of when; every other module asks one statement over `funnel_stagemove` for
a figure. Nothing is kept beside the moves, so a figure of any day can be asked again.
"""
