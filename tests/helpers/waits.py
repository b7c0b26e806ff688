"""Why each job of a queue waits, as the card, the command line and the engine explain it."""

from engine.scheduling.explainer import Explainer, QueueFacts, Wait


def waits_of(facts: QueueFacts, now: float) -> dict[str, Wait]:
    """Why each waiting job waits, by job id; `now` in epoch seconds."""
    explainer = Explainer(facts, now)
    waits = ((job.job_id, explainer.wait(job)) for job in facts.jobs.values())
    return {job_id: wait for job_id, wait in waits if wait is not None}
