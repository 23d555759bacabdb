"""Python's collector of garbage in processes that live long."""

import gc


def spare_what_lasts() -> None:
    """Let it pass over all that is there by now, which lasts as long as the process, and look at what is new less often.

    As Python has it, it looks each time seven hundred objects more are alive than before. A page makes ten thousands of
    them and lets go of them again by itself.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)
