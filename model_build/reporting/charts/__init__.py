"""Charts as inline SVG in the page's colours: pure functions, from plain values to markup.

elements has what all of them are made of, colours the palette, frame the axes; lines, reliability, coverage, damages,
matrix and bars draw. They know no build and read no file.
"""
