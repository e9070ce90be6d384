"""The compiled loops of batch screening: look up what clauses come to, and fold it into answers.

Nothing here knows what a clause means. Every row has small numbers (classes) in columns; a table turns some of them
into a key, and the key into the number of an entry that was worked out before.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np

__all__ = [
    "EMPTY",
    "Assumed",
    "Bound",
    "Chunk",
    "Folded",
    "Packed",
    "Pending",
    "Rules",
    "copy_texts",
    "fold",
    "look_up",
    "meet",
    "settle_deferring",
    "strictest_cells",
    "text_lengths",
]

BLOCK = 256  # rows for which a table is looked up at one time
EMPTY = -1  # of a place in the store: never asked; smaller numbers wait to be worked out
Array = Any


class Packed(NamedTuple):
    """Tables laid out flat: inputs of table t are ``start[t]:start[t + 1]``.

    ``column`` of an input is one of the row, or, as ``~column``, one of the pair; ``maps`` from ``map_start`` give what
    a class adds to the key. A table with ``base >= 0`` has its places side by side in the store, others are hashed.
    """

    start: Array
    column: Array
    map_start: Array
    maps: Array
    base: Array
    store: Array
    dense: int
    hash_table: Array
    hash_key: Array


class Pending(NamedTuple):
    """Keys that nothing was worked out for yet: table, row, pair and place in the store; ``count`` is (pending, hashed)."""

    count: Array
    table: Array
    row: Array
    pair: Array
    place: Array


class Chunk(NamedTuple):
    """The columns of some rows, of which ``first`` and ``unit`` give the pairs of sites and units."""

    rows: Array
    pairs: Array
    first: Array
    unit: Array
    is_touch: Array
    is_whole: Array


class Bound(NamedTuple):
    """Which table each bound clause has (-1: out of force), and where a unit's bound clauses begin; the last is the whole place's."""

    table: Array
    begin: Array
    end: Array
    is_inert: Array


@nb.njit(cache=True, nogil=True)
def _hashed(hash_table: Array, hash_key: Array, table: int, key: int, count: Array) -> int:
    """Return the slot of a key, taking a free one where it is new."""
    mask = len(hash_key) - 1
    mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(table) * np.uint64(0xC2B2AE3D27D4EB4F)
    at = np.int64((mixed >> np.uint64(20)) & np.uint64(mask))
    while hash_table[at] >= 0:
        if hash_table[at] == table and hash_key[at] == key:
            return at
        at = (at + 1) & mask
    hash_table[at] = table
    hash_key[at] = key
    count[1] += 1
    return at


@nb.njit(cache=True, nogil=True)
def _look_up_block(
    packed: Packed, rows: Array, table: int, span: tuple[int, int], pending: Pending, keys: Array, found: Array
) -> bool:
    """Write a table's entry for a block of rows into ``found``; tell whether there was room for all that is pending.

    What has to be worked out gets -2 less the number under which it waits.
    """
    begin, count = span[0], span[1] - span[0]
    column, map_start, maps = packed.column, packed.map_start, packed.maps
    keys[:count] = 0
    for at in range(packed.start[table], packed.start[table + 1]):
        values, own = rows[column[at]], map_start[at]
        for row in range(count):
            keys[row] += maps[own + values[begin + row]]
    base, store, dense = packed.base[table], packed.store, packed.dense
    hash_table, hash_key = packed.hash_table, packed.hash_key
    waiting = pending.count
    for row in range(count):
        place = base + keys[row]
        if base < 0:
            if 2 * waiting[1] >= len(hash_key):
                return False
            place = dense + _hashed(hash_table, hash_key, table, keys[row], waiting)
        entry = store[place]
        if entry == EMPTY:
            number = waiting[0]
            if number >= len(pending.table):
                return False
            pending.table[number], pending.row[number] = table, begin + row
            pending.pair[number], pending.place[number] = -1, place
            waiting[0] = number + 1
            entry = -2 - number
            store[place] = entry
        found[row] = entry
    return True


@nb.njit(cache=True, nogil=True)
def look_up(packed: Packed, rows: Array, pending: Pending, found: Array) -> bool:
    """Write the entry of every table for every row into ``found[table, row]``; tell whether there was room for all.

    Columns are ``rows[column, row]``.
    """
    keys = np.empty(BLOCK, np.int64)
    block = np.empty(BLOCK, np.int32)
    for table in range(len(packed.start) - 1):
        for begin in range(0, found.shape[1], BLOCK):
            end = min(begin + BLOCK, found.shape[1])
            if not _look_up_block(packed, rows, table, (begin, end), pending, keys, block):
                return False
            found[table, begin:end] = block[: end - begin]
    return True


@nb.njit(cache=True, nogil=True)
def meet(packed: Packed, chunk: Chunk, bound: Bound, pending: Pending, first: Array, items: Array) -> bool:
    """Write, of every row, the bound clauses that do something: (bound clause, entry, pair), pair -1 for the whole place.

    Clauses of the whole place come first, then those of the units in order; ``items[first[row]:first[row + 1]]``.
    Tells whether there was room for all that is pending.
    """
    last = len(bound.begin) - 1
    wide, wide_end = bound.begin[last], bound.end[last]
    keys = np.empty(BLOCK, np.int64)
    found = np.empty((wide_end - wide, BLOCK), np.int32)
    is_inert, count, done = bound.is_inert, len(first) - 1, 0
    for begin in range(0, count, BLOCK):
        end = min(begin + BLOCK, count)
        for each in range(wide, wide_end):
            table = bound.table[each]
            if table < 0:
                continue
            if not _look_up_block(packed, chunk.rows, table, (begin, end), pending, keys, found[each - wide]):
                return False
        for row in range(begin, end):
            first[row] = done
            for each in range(wide, wide_end):
                entry = found[each - wide, row - begin]
                if bound.table[each] >= 0 and (entry < 0 or not is_inert[entry]):
                    items[done, 0], items[done, 1], items[done, 2] = each, entry, -1
                    done += 1
            done = _meet_units(packed, chunk, bound, row, pending, items, done)
            if done < 0:
                return False
    first[count] = done
    return True


@nb.njit(cache=True, nogil=True)
def _meet_units(packed: Packed, chunk: Chunk, bound: Bound, row: int, pending: Pending, items: Array, done: int) -> int:
    """Add the clauses of a row's units behind the items that are done; -1 where there is no room for what is pending."""
    rows, pairs, waiting = chunk.rows, chunk.pairs, pending.count
    start, column, map_start, maps = packed.start, packed.column, packed.map_start, packed.maps
    store = packed.store
    for pair in range(chunk.first[row], chunk.first[row + 1]):
        if chunk.is_touch[pair]:
            continue
        unit = chunk.unit[pair]
        for each in range(bound.begin[unit], bound.end[unit]):
            table = bound.table[each]
            if table < 0:
                continue
            key = np.int64(0)
            for at in range(start[table], start[table + 1]):
                code = rows[column[at], row] if column[at] >= 0 else pairs[~column[at], pair]
                key += maps[map_start[at] + code]
            place = packed.base[table] + key
            if packed.base[table] < 0:
                if 2 * waiting[1] >= len(packed.hash_key):
                    return -1
                place = packed.dense + _hashed(packed.hash_table, packed.hash_key, table, key, waiting)
            entry = store[place]
            if entry == EMPTY:
                number = waiting[0]
                if number >= len(pending.table):
                    return -1
                pending.table[number], pending.row[number] = table, row
                pending.pair[number], pending.place[number] = pair, place
                waiting[0] = number + 1
                entry = -2 - number
                store[place] = entry
            if entry < 0 or not bound.is_inert[entry]:
                items[done, 0], items[done, 1], items[done, 2] = each, entry, pair
                done += 1
    return done


class Rules(NamedTuple):
    """What folding needs of entries and bound clauses; needs of entry e are ``need[need_start[e]:need_start[e + 1]]``.

    A need is a number of a name, or ``~pattern``, whose name hangs on the bound clause: ``filled[bound, pattern]``.
    ``rank`` orders the clauses of one edition and cell; bound clauses of one ``slot`` are one entry of the answer.
    """

    cell: Array
    outcomes: Array
    need_start: Array
    need: Array
    filled: Array
    edition: Array
    rank: Array
    slot: Array
    is_shared_slot: Array
    defers: Array
    is_unverified: Array


class Assumed(NamedTuple):
    """Which text says what is assumed of a need: ``base[edition, need]``, moved on by the row's column if there is one.

    ``column`` is -2 where nothing is ever assumed, -1 where always the same is; ``rows`` holds 0 for nothing.
    """

    column: Array
    base: Array
    rows: Array
    rank: Array


class Folded(NamedTuple):
    """Answers: the strictest cell, the outcomes that are possible as bits, and five lists of a row each.

    Lists are applied, open and unverified (bound clauses), needs, and texts of what is assumed.
    """

    strictest: Array
    possible: Array
    end: Array
    values: Array


@nb.njit(cache=True, nogil=True)
def settle_deferring(chunk: Chunk, rules: Rules, first: Array, items: Array, is_open: Array) -> None:
    """Take off the clauses that leave the answer to other units where one other unit holds all that the unit does.

    Where it takes geometry to say so the row is marked in ``is_open``.
    """
    for row in range(len(first) - 1):
        is_any = False
        for at in range(first[row], first[row + 1]):
            if items[at, 2] >= 0 and rules.defers[items[at, 0]] and rules.cell[items[at, 1]] > 0:
                is_any = True
        if is_any:
            _defer(chunk, rules, row, first, items, is_open)


@nb.njit(cache=True, nogil=True)
def _defer(chunk: Chunk, rules: Rules, row: int, first: Array, items: Array, is_open: Array) -> None:
    low, high = chunk.first[row], chunk.first[row + 1]
    is_deferring = np.zeros(high - low, np.bool_)
    for at in range(first[row], first[row + 1]):
        if items[at, 2] >= 0 and rules.defers[items[at, 0]] and rules.cell[items[at, 1]] > 0:
            is_deferring[items[at, 2] - low] = True
    count, is_whole = 0, True
    for pair in range(low, high):
        if not chunk.is_touch[pair] and not is_deferring[pair - low]:
            count += 1
            is_whole = is_whole and chunk.is_whole[pair]
    if count == 0:
        return
    for at in range(first[row], first[row + 1]):
        pair = items[at, 2]
        if pair >= 0 and rules.defers[items[at, 0]] and rules.cell[items[at, 1]] > 0:
            if count == 1 and is_whole and chunk.is_whole[pair]:
                items[at, 1] = -1
            else:
                is_open[row] = True


@nb.njit(cache=True, nogil=True)
def strictest_cells(rules: Rules, first: Array, items: Array, found: Array) -> None:
    """Raise the strictest cell of every row to that of its clauses."""
    for row in range(len(found)):
        for at in range(first[row], first[row + 1]):
            if items[at, 1] >= 0:
                found[row] = max(found[row], rules.cell[items[at, 1]])


@nb.njit(cache=True, nogil=True)
def fold(rules: Rules, assumed: Assumed, first: Array, items: Array, is_covered: Array, out: Folded) -> None:
    """Fold the clauses of every row into its answer."""
    longest = 0
    for row in range(len(is_covered)):
        longest = max(longest, first[row + 1] - first[row])
    order = np.empty(longest, np.int64)
    chosen = np.empty(longest, np.int64)
    seen = np.full(len(assumed.rank), -1, np.int64)
    listed = np.full(len(assumed.rank), -1, np.int64)
    asked = np.empty(len(assumed.rank), np.int64)
    for row in range(len(is_covered)):
        strictest, mask, least = 0, 0, 0
        if not is_covered[row]:
            mask = 7
        chosen_count = asked_count = 0
        for at in range(first[row], first[row + 1]):
            bound, entry = items[at, 0], items[at, 1]
            if entry < 0:
                continue
            cell, outcomes = rules.cell[entry], rules.outcomes[entry]
            strictest = max(strictest, cell)
            mask |= outcomes
            least = max(least, 0 if outcomes & 1 else 1 if outcomes & 2 else 2)
            if 3 <= cell <= 5:
                asked_count = _ask(rules, bound, entry, row, seen, asked, asked_count)
            if cell >= 3:
                chosen_count = _choose(rules, items, at, order, chosen, chosen_count)
        out.strictest[row] = strictest
        out.possible[row] = ((mask >> least) << least) | (1 << least)
        _sort(order, chosen, chosen_count)
        _list(rules, items, chosen[:chosen_count], row, listed, out)
        _assume(assumed, asked, asked_count, row, out)


@nb.njit(cache=True, nogil=True)
def _need(rules: Rules, bound: int, at: int) -> int:
    need = rules.need[at]
    return need if need >= 0 else rules.filled[bound, ~need]


@nb.njit(cache=True, nogil=True)
def _ask(rules: Rules, bound: int, entry: int, row: int, seen: Array, asked: Array, count: int) -> int:
    for at in range(rules.need_start[entry], rules.need_start[entry + 1]):
        need = _need(rules, bound, at)
        if seen[need] != row:
            seen[need] = row
            asked[count] = need
            count += 1
    return count


@nb.njit(cache=True, nogil=True)
def _choose(rules: Rules, items: Array, at: int, order: Array, chosen: Array, count: int) -> int:
    """Put a clause among the row's entries; of one that stands there under the same id the first strictest stays."""
    bound, cell = items[at, 0], rules.cell[items[at, 1]]
    place = count
    if rules.is_shared_slot[bound]:
        for other in range(count):
            if rules.slot[items[chosen[other], 0]] == rules.slot[bound]:
                if cell <= rules.cell[items[chosen[other], 1]]:
                    return count
                place = other
    # Entries are listed by edition, then the strictest cell first, then in the order of their clauses.
    order[place] = (rules.edition[bound] << 44) | ((6 - cell) << 36) | rules.rank[bound]
    chosen[place] = at
    return max(count, place + 1)


@nb.njit(cache=True, nogil=True)
def _sort(order: Array, chosen: Array, count: int) -> None:
    for at in range(1, count):
        key, moved, before = order[at], chosen[at], at
        while before > 0 and order[before - 1] > key:
            order[before], chosen[before] = order[before - 1], chosen[before - 1]
            before -= 1
        order[before], chosen[before] = key, moved


@nb.njit(cache=True, nogil=True)
def _list(rules: Rules, items: Array, chosen: Array, row: int, listed: Array, out: Folded) -> None:
    applied, opened, unverified, needs = out.end[0, row], out.end[1, row], out.end[2, row], out.end[3, row]
    for at in chosen:
        bound, entry = items[at, 0], items[at, 1]
        cell = rules.cell[entry]
        if rules.is_unverified[bound]:
            out.values[2, unverified] = bound
            unverified += 1
        if cell == 4 or cell == 6:
            out.values[0, applied] = bound
            applied += 1
            continue
        out.values[1, opened] = bound
        opened += 1
        for place in range(rules.need_start[entry], rules.need_start[entry + 1]):
            need = _need(rules, bound, place)
            if listed[need] != row:
                listed[need] = row
                out.values[3, needs] = need
                needs += 1
    out.end[0, row + 1], out.end[1, row + 1], out.end[2, row + 1], out.end[3, row + 1] = (
        applied,
        opened,
        unverified,
        needs,
    )


@nb.njit(cache=True, nogil=True)
def _assume(assumed: Assumed, asked: Array, count: int, row: int, out: Folded) -> None:
    """List what is assumed of the needs, in order of their names; of several editions the last one's stands."""
    begin = done = out.end[4, row]
    for number in range(count):
        need = asked[number]
        for edition in range(len(assumed.column) - 1, -1, -1):
            column = assumed.column[edition, need]
            if column == -2:
                continue
            text = assumed.base[edition, need]
            if column >= 0:
                code = assumed.rows[row, column]
                if code == 0:
                    continue
                text += code - 1
            place = done
            while place > begin and assumed.rank[need] < out.values[5, place - 1]:
                out.values[4, place], out.values[5, place] = out.values[4, place - 1], out.values[5, place - 1]
                place -= 1
            out.values[4, place], out.values[5, place] = text, assumed.rank[need]
            done += 1
            break
    out.end[4, row + 1] = done


@nb.njit(cache=True, nogil=True)
def text_lengths(begins: Array, numbers: Array, ends: Array) -> None:
    """Write where each text of a column ends: ``ends[i + 1]``, of text number ``numbers[i]`` of a stock of texts."""
    done = np.int64(0)
    ends[0] = 0
    for at in range(len(numbers)):
        done += begins[numbers[at] + 1] - begins[numbers[at]]
        ends[at + 1] = done


@nb.njit(cache=True, nogil=True)
def copy_texts(begins: Array, letters: Array, numbers: Array, ends: Array, out: Array) -> None:
    """Copy the texts of a stock one behind the other, to where they end."""
    for at in range(len(numbers)):
        source, target = begins[numbers[at]], ends[at]
        for letter in range(ends[at + 1] - target):
            out[target + letter] = letters[source + letter]
