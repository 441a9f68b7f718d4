"""Evidence: the hash chain, bundles and their verification."""
