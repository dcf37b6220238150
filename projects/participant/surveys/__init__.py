"""Surveys of samples: parameters that are not read from a meter but asked at some of many units."""
