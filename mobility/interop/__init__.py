"""Pure parsers: files from outside become typed rows and problems."""
