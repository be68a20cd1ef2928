"""The hand-held's stream: numbered frames in, a write-ahead spool on disk, acknowledgements out."""
