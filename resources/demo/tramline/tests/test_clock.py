import unittest

from tramline.clock import minutes, shown


class TimesOfDay(unittest.TestCase):
    def test_a_time_is_minutes_since_midnight(self):
        self.assertEqual(minutes("7:05"), 425)

    def test_a_time_is_shown_with_two_digits_each(self):
        self.assertEqual(shown(425), "07:05")

    def test_a_time_past_midnight_is_shown_as_one_of_the_next_day(self):
        self.assertEqual(shown(24 * 60 + 10), "00:10")
