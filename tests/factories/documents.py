"""Random documents in normal form, of any shape, for property tests that shrink."""

from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st


def examples(number: int) -> settings:
    """How often a property is tried; fixtures are shared by the examples of a test."""
    return settings(
        max_examples=number,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


KEYS = ("a", "b", "c", "d")
ROW_IDS = ("r1", "r2", "r3", "r4", "r5")

texts = st.text(alphabet="xyzé", max_size=3)
# Halves: 1 and 1.0 are one value (D3), and these tests compare exactly.
numbers = st.integers(-5, 5) | st.integers(-5, 5).map(lambda number: number + 0.5)
scalars = texts | numbers | st.booleans()
leaf_arrays = st.lists(texts, min_size=1, max_size=3)
leaves = scalars | leaf_arrays


def members(values: st.SearchStrategy[Any], *, min_size: int = 1) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(KEYS), values, min_size=min_size, max_size=4)


row_values = leaves | members(leaves)


@st.composite
def grids(draw: st.DrawFn, *, with_ids: bool | None = None) -> list[dict[str, Any]]:
    """Rows that hold something; ids are unique. `with_ids` None mixes."""
    ids = draw(st.lists(st.sampled_from(ROW_IDS), unique=True, min_size=1, max_size=5))
    rows = []
    for row_id in ids:
        has_id = draw(st.booleans()) if with_ids is None else with_ids
        row = draw(members(row_values, min_size=0 if has_id else 1))
        rows.append({"id": row_id, **row} if has_id else row)
    return rows


# Objects nest, grids do not.
normal_documents = members(
    st.recursive(leaves, lambda below: members(below) | grids(), max_leaves=5), min_size=0
)
