"""Why a student has what she has, and what a place is worth, from a result's prices.

Standard library alone, on the verifier's own reading of instance and result: what
explains is what proves. The service's worker may import it.
"""
