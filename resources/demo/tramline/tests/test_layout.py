import unittest

from tramline.layout import WIDTH, row


class Rows(unittest.TestCase):
    def test_a_row_shows_time_line_and_place(self):
        self.assertEqual(row("07:05", "4", "Harbour").rstrip(), "07:05   4  Harbour")

    def test_every_row_is_equally_wide(self):
        self.assertEqual(len(row("07:05", "4", "Harbour")), WIDTH)

    def test_a_long_name_is_cut_with_an_ellipsis(self):
        shown = row("07:05", "11", "University Hospital North and Botanical Garden")
        self.assertEqual(len(shown), WIDTH)
        self.assertTrue(shown.endswith("…"))
