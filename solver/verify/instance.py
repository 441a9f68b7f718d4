"""Read an instance strictly: every rule of its format, every breach in words.

Part of the verifier: standard library and ``solver.fileio`` only.
"""

from solver.verify.rankings import RankingReader
from solver.verify.shapes import Table
from solver.verify.world import RESERVED, Pair, World

FORMAT = "mobility-instance/1"
BLOCKS = ("north", "south")
MODES = ("physical", "blended", "virtual")
OPTIONAL = ("quotas", "partnerships", "priority", "holds", "pins", "forbidden", "seed")


def read_instance(value: object) -> tuple[World, list[str]]:
    """Return the world of an instance and what is wrong with its form.

    Parameters
    ----------
    value
        The parsed JSON.

    Returns
    -------
    tuple
        The world is of use only when the list of problems is empty.
    """
    return _Reader().read(value)


class _Reader(RankingReader):
    """Fills a world, part by part."""

    def read(self, value: object) -> tuple[World, list[str]]:
        required = ("format", "id", "institutions", "offers", "students")
        table = self.table(value, "instance", required, OPTIONAL)
        if self.problems:
            return self.world, self.problems
        if table["format"] != FORMAT:
            self.say(f"instance: format must be {FORMAT!r}")
        self.world.id = self.name(table["id"], "instance: id")
        self._read_seed(table.get("seed", self.world.seed))
        for item in self.items(table["institutions"], "institutions"):
            self._read_institution(item)
        for item in self.items(table["offers"], "offers"):
            self._read_offer(item)
        for item in self.items(table["students"], "students"):
            self._read_student(item)
        self._read_rows(table)
        for item in self.items(table.get("partnerships", []), "partnerships"):
            self._read_partnership(item)
        if not self.problems:
            self.world.find_lanes()
        return self.world, self.problems

    def _read_rows(self, table: Table) -> None:
        """Read all that names students and offers."""
        if self.problems:
            return
        for item in self.items(table.get("quotas", []), "quotas"):
            self._read_quota(item)
        self._read_priority(table.get("priority", {}))
        students, offers = self.world.students.index, self.world.offers.index
        holds = self.table(table.get("holds", {}), "holds", optional=None)
        for student, offer in holds.items():
            number = self.known(student, "holds", students, "student")
            held = self.known(offer, f"holds: {student}", offers, "offer")
            self.world.holds[number] = held
        for item in self.items(table.get("forbidden", []), "forbidden"):
            self.world.forbidden.add(self._read_pair(item, "forbidden")[1])
        self.world.forbidden.discard(-1)
        for item in self.items(table.get("pins", []), "pins"):
            self._read_pin(item)

    def _read_seed(self, value: object) -> None:
        seed = self.text(value, "instance: seed")
        if len(seed) != 64 or not set(seed) <= set("0123456789abcdef"):
            self.say("instance: seed must be 64 lower-case hexadecimal digits")
        self.world.seed = seed

    def _read_institution(self, value: object) -> None:
        optional = ("block", "exchange_tolerance")
        table = self.table(value, "institution", ("id", "country"), optional)
        if not table:
            return
        name = self.name(table["id"], "institution: id")
        self.text(table["country"], f"institution {name}: country")
        tolerance = table.get("exchange_tolerance", 0)
        tolerance = self.integer(
            tolerance, f"institution {name}: exchange_tolerance", 0
        )
        if name in self.world.block:
            self.say(f"institution {name}: listed twice")
        block = ""
        if table.get("block") is not None:
            block = self.word(table["block"], f"institution {name}: block", BLOCKS)
        self.world.block[name] = block
        self.world.tolerance[name] = tolerance

    def _read_offer(self, value: object) -> None:
        required = ("id", "receiving", "capacity")
        table = self.table(value, "offer", required, ("mode", "days"))
        if not table:
            return
        name = self.name(table["id"], "offer: id")
        offers = self.world.offers
        if name in offers.index:
            self.say(f"offer {name}: listed twice")
        offers.index[name] = len(offers.ids)
        offers.ids.append(name)
        capacity = self.integer(table["capacity"], f"offer {name}: capacity", 0)
        offers.capacity.append(capacity)
        offers.receiving.append(self._read_host(table, f"offer {name}", "receiving"))
        mode = self.word(table.get("mode", "physical"), f"offer {name}: mode", MODES)
        offers.virtual.append(mode == "virtual")
        self.integer(table.get("days", 0), f"offer {name}: days", 0)

    def _read_host(self, table: Table, name: str, key: str) -> str:
        host = self.text(table[key], f"{name}: {key}")
        if host not in self.world.block:
            self.say(f"{name}: {key} institution {host!r} is unknown")
        return host

    def _read_student(self, value: object) -> None:
        optional = ("merit", "floor_g", "groups")
        table = self.table(value, "student", ("id", "sending", "choices"), optional)
        if not table:
            return
        students = self.world.students
        name = self.name(table["id"], "student: id")
        if name in students.index:
            self.say(f"student {name}: listed twice")
        students.index[name] = len(students.ids)
        students.ids.append(name)
        students.sending.append(self._read_host(table, f"student {name}", "sending"))
        merit = self.integer(table.get("merit", 0), f"student {name}: merit")
        students.merit.append(merit)
        floor = self.integer(table.get("floor_g", 0), f"student {name}: floor_g", 0)
        students.floor_g.append(floor)
        students.groups.append(self._read_groups(table.get("groups", {}), name))
        choices = self.items(table["choices"], f"student {name}: choices")
        self.read_choices(choices, name)
        students.first.append(len(self.world.choices.offer))

    def _read_groups(self, value: object, student: str) -> dict[str, str]:
        if value == {}:
            return {}
        groups = self.texts(value, f"student {student}: groups")
        for key in RESERVED:
            if key in groups:
                self.say(f"student {student}: group {key!r} is a reserved name")
        return groups

    def _read_quota(self, value: object) -> None:
        table = self.table(value, "quota", ("id", "capacity"), ("offers", "choices"))
        if not table:
            return
        quotas, name = self.world.quotas, self.name(table["id"], "quota: id")
        if name in quotas.index:
            self.say(f"quota {name}: listed twice")
        quotas.index[name] = len(quotas.ids)
        quotas.ids.append(name)
        capacity = self.integer(table["capacity"], f"quota {name}: capacity", 0)
        quotas.capacity.append(capacity)
        offers = [
            self.known(offer, f"quota {name}", self.world.offers.index, "offer")
            for offer in self.items(table.get("offers", []), f"quota {name}: offers")
        ]
        pairs = [
            self._read_pair(item, f"quota {name}")
            for item in self.items(table.get("choices", []), f"quota {name}: choices")
        ]
        if len(set(offers)) < len(offers) or len({p for p, _ in pairs}) < len(pairs):
            self.say(f"quota {name}: names an offer or a choice twice")
        quotas.offers.append(offers)
        single = [choice for _, choice in pairs if choice >= 0]
        if len(single) < len(pairs):
            self.say(f"quota {name}: names a pair that is no choice")
        taken = set(offers)  # a choice in both counts once
        single = [c for c in single if self.world.choices.offer[c] not in taken]
        quotas.choices.append(single)

    def _read_pair(self, value: object, name: str) -> tuple[Pair, int]:
        """Return a student and an offer, and the choice, -1 if it is none."""
        row = self.row(value, name, 2)
        if row is None:
            return ("", ""), -1
        student = self.known(row[0], name, self.world.students.index, "student")
        offer = self.known(row[1], name, self.world.offers.index, "offer")
        if student < 0 or offer < 0:
            return ("", ""), -1
        return (row[0], row[1]), self.world.find_choice(student, offer)

    def _read_pin(self, value: object) -> None:
        pair, choice = self._read_pair(value, "pins")
        if pair == ("", ""):
            return
        student = self.world.students.index[pair[0]]
        if student in self.world.pins:
            self.say(f"student {pair[0]}: pinned twice")
        if choice < 0:
            self.say(f"student {pair[0]}: pinned to {pair[1]}, which is no choice")
        elif choice in self.world.forbidden:
            self.say(f"student {pair[0]}: pinned to {pair[1]}, which is forbidden")
        self.world.pins[student] = choice

    def _read_priority(self, value: object) -> None:
        for offer, order in self.table(value, "priority", optional=None).items():
            number = self.known(offer, "priority", self.world.offers.index, "offer")
            name = f"priority of offer {offer}"
            listed = [
                self.known(student, name, self.world.students.index, "student")
                for student in self.items(order, name)
            ]
            if len(set(listed)) < len(listed):
                self.say(f"{name}: names a student twice")
            self.world.priority[number] = listed

    def _read_partnership(self, value: object) -> None:
        optional = ("carried", "inbound_known", "tolerance")
        table = self.table(value, "partnership", ("north", "south"), optional)
        if not table:
            return
        north = self._read_host(table, "partnership", "north")
        south = self._read_host(table, "partnership", "south")
        name = f"partnership {north} - {south}"
        block, known = self.world.block, self.world.partnerships
        if block.get(north) == "south" or block.get(south) == "north":
            self.say(f"{name}: its north is of the south, or its south of the north")
        if north == south:
            self.say(f"{name}: needs two institutions")
        if (north, south) in known.index or (south, north) in known.index:
            self.say(f"{name}: listed twice")
        carried = self.integer(table.get("carried", 0), f"{name}: carried")
        inbound = table.get("inbound_known", 0)
        inbound = self.integer(inbound, f"{name}: inbound_known", 0)
        tolerance = self.integer(table.get("tolerance", 0), f"{name}: tolerance", 0)
        known.add(north, south, tolerance - carried + inbound)
