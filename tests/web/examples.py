"""What stands for each part of an address in tests that walk all routes."""

EXAMPLES: dict[str, str | int] = {
    "key": "2027-spring",
    "hei_id": "uu.se",
    "person": 1,
    "role": 1,
    "run": 1,
    "token": "a-token",
    "student": "s-000000000000",
    "factor": "rail.FR.wtw",
    "file": "journeys.csv",
    "name": "balanced",
    "old": "desnz-2024",
    "new": "desnz-2025",
    "agreement": 1,
    "condition": "c1",
    "offer": 1,
    "partner": "uonbi.ac.ke",
    "quota": "q1",
    "student_id": 1,
}
"""What stands for a part of an address; Carol audits the round, Alice studies there;
the agreement is kept by Bob's university, its offer is at Frank's."""
