"""Devices the city owns: what stands where."""
