import unittest

from tramline.clock import minutes
from tramline.service import departures


class Departures(unittest.TestCase):
    def test_the_last_tram_leaves_too(self):
        self.assertEqual(departures("8:00", "8:30", 15), [480, 495, 510])

    def test_a_night_service_goes_on_past_midnight(self):
        self.assertEqual(departures("23:30", "0:30", 30), [1410, 1440, 1470])

    def test_a_service_of_one_tram_has_one_departure(self):
        self.assertEqual(departures("5:10", "5:10", 10), [minutes("5:10")])
