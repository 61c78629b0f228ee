"""The values that pass between the rooms: masters, lines, rows, planned moves and legs.

Nothing here touches a database or knows a type of item. Money is minor units, quantities and prices are millionths
(see `wares.values`). All are immutable; tuples with names where they are made by the thousand.

Each subject has its module, in the order of the pipeline: `masters`, `origins`, `lines`, `plans`, and `contexts` over them all.
Other rooms import from here, so that a name can move from one module to another.
"""

from wares.model.contexts import (
    AccountQuery,
    Context,
    CostContext,
    Document,
    DocumentKind,
    Exchange,
    Header,
    Masters,
    PriceContext,
    Side,
)
from wares.model.folding import Consumption, FoldMove, TransferredLayer, UnitValue, Valued
from wares.model.lines import Above, Content, Expansion, GivenComponent, Line, LineInput, NewLine, Pricing, Row, RowKind
from wares.model.links import BROUGHT, CHARGED, DELIVERED_NOT_INVOICED, RECEIVED_NOT_BILLED, LinkKind
from wares.model.masters import CONTROL_ROLES, Account, Component, ComponentKind, Item, Location, Party
from wares.model.origins import Origin, OriginDocument, OriginMove
from wares.model.plans import (
    GOODS_AT_ORIGIN_COST,
    OUTPUTS,
    PLANNED_AT_ORIGIN_COST,
    VALUE_ONLY,
    Absorbed,
    CostPlan,
    Intent,
    Leg,
    Link,
    NegativeStock,
    NewAccount,
    OpenItem,
    Opens,
    Plan,
    PlannedMove,
    ValueFact,
    absorb,
    takes_up_costs,
)
from wares.model.posted import CostChange, Posted, StoredPosted

__all__ = [
    "BROUGHT",
    "CHARGED",
    "CONTROL_ROLES",
    "DELIVERED_NOT_INVOICED",
    "GOODS_AT_ORIGIN_COST",
    "OUTPUTS",
    "PLANNED_AT_ORIGIN_COST",
    "RECEIVED_NOT_BILLED",
    "VALUE_ONLY",
    "Above",
    "Absorbed",
    "Account",
    "AccountQuery",
    "Component",
    "ComponentKind",
    "Consumption",
    "Content",
    "Context",
    "CostChange",
    "CostContext",
    "CostPlan",
    "Document",
    "DocumentKind",
    "Exchange",
    "Expansion",
    "FoldMove",
    "GivenComponent",
    "Header",
    "Intent",
    "Item",
    "Leg",
    "Line",
    "LineInput",
    "Link",
    "LinkKind",
    "Location",
    "Masters",
    "NegativeStock",
    "NewAccount",
    "NewLine",
    "OpenItem",
    "Opens",
    "Origin",
    "OriginDocument",
    "OriginMove",
    "Party",
    "Plan",
    "PlannedMove",
    "Posted",
    "PriceContext",
    "Pricing",
    "Row",
    "RowKind",
    "Side",
    "StoredPosted",
    "TransferredLayer",
    "UnitValue",
    "ValueFact",
    "Valued",
    "absorb",
    "takes_up_costs",
]
