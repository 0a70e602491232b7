-- Answers about people who had none.
copy ltr.person_:generation
(generation, person, sequence, review_on, trn, stage, phase, certainty, digest, view, sealed, awaits)
from stdin (format binary)
