"""The queue and everything that runs a job; knows neither Qt nor SQL."""
