"""What a verification looks at besides the arithmetic: a sample, differences, rules, history."""
