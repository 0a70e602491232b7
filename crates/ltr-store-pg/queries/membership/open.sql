copy ltr.membership (record, person, known_from, known_to, strength) from stdin (format binary)
