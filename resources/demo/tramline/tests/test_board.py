import unittest

from tramline.board import board
from tramline.clock import minutes
from tramline.service import departures

SERVICES = {
    ("4", "Harbour"): departures("9:40", "10:20", 20),
    ("11", "Old Town"): departures("23:50", "0:30", 20),
}


class Boards(unittest.TestCase):
    def test_nine_comes_before_ten(self):
        times = [row.split()[0] for row in board(SERVICES, minutes("9:00"), rows=3)]
        self.assertEqual(times, ["09:40", "10:00", "10:20"])

    def test_the_trams_after_midnight_come_last(self):
        times = [row.split()[0] for row in board(SERVICES, minutes("23:00"))]
        self.assertEqual(times, ["23:50", "00:10", "00:30"])

    def test_what_has_left_is_not_shown(self):
        self.assertEqual(board({("4", "Harbour"): [600]}, 601), [])
