copy ltr.change_:generation (generation, sequence, ordinal, person, digest, known_at) from stdin (format binary)
