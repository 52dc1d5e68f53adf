"""How good a build is, and whether it is what it says: figures from files, no words and no pictures.

metrics (pure functions), artifacts (every runnable form), evaluate and evaluation_file (figures), robustness and
robustness_damage (spoilt images), off_data (other people's pictures), compare (two builds), finished_build (a folder as
values), verification (files against manifest and checkpoint). May import quantization and all below; reporting and all
above may call it.
"""
