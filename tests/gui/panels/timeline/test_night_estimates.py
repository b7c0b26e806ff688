"""What the Night takes from a forecast."""

from engine.scheduling.forecast_types import Basis, Forecast, JobEstimate
from gui.panels.timeline.night_builder import estimates_of
from state.forecast_records import ForecastError, ForecastErrors


def estimate(job_id: str, basis: Basis) -> JobEstimate:
    return JobEstimate(job_id=job_id, run_id="r", starts_at=60.0, ends_at=120.0, basis=basis)


def test_only_a_step_that_succeeded_before_is_drawn_and_the_usual_error_is_named() -> None:
    jobs = {basis.value: estimate(basis.value, basis) for basis in Basis}
    errors = ForecastErrors(ends=ForecastError(number=9, off_s=720.0, bias_s=0.0))
    found = estimates_of(Forecast(made_at=0.0, jobs=jobs, errors=errors))
    assert found.jobs == {"measured": (60.0, 120.0)}
    assert found.error == "usually off by 12 m"


def test_no_error_is_named_where_too_few_estimates_were_checked() -> None:
    assert not estimates_of(Forecast(made_at=0.0)).error
