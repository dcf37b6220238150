"""The footprint calculator: what a person, household, event or organisation emits, step by step.

Pure arithmetic: no Django, no clock, nothing stored. Reference data stand in `data/`, each figure
with its year, its source and the days on which it is used; `factors` reads them. `questions` says
what is asked of whom, and why something is not; `reading` takes what was typed; `calculating`
multiplies, in exact fractions, and rounds once, up to whole tonnes.

    edition = factors.load().edition(day)
    asked = questions.asked("person", "KEN", edition)
    answers, errors = reading.read(asked, {"people": "2", "electricity": "1200"})
    calculating.calculate(asked, answers).tonnes
"""
