"""Long series of readings, checked by a column engine: read, faults found and treated, cut up.

DuckDB was chosen by measuring (README, "Readings"): at the speed of polars and pyarrow it used the
least memory, is one package without others, and checks in SQL. Numbers are decimals with twelve
places or whole numbers, never binary fractions, so that a sum of two million readings is exact.
"""
