"""Contracts: JSON Schemas of job and pipeline files, with examples."""
