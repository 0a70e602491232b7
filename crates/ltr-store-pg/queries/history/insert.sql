-- New chunks.
copy ltr.record_history (record, chunk, entries, from_sequence, to_sequence, data) from stdin (format binary)
