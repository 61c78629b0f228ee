"""The bundled plugins pass the same contracts as the plugins of third parties."""

from __future__ import annotations

import wares_assembly
import wares_calculation
import wares_channels
import wares_group
import wares_kit
import wares_matrix
import wares_nonstock
import wares_profit
import wares_service
import wares_stock
import wares_tracking
from wares.costing.methods import FirstInFirstOut, LastInFirstOut, MovingAverage, SpecificIdentification, StandardCost
from wares.testing import ChannelContract, CostMethodContract, DocumentTypeContract, ItemTypeContract, ReportContract
from wares_assembly.documents import Build, Unbuild
from wares_assembly.report import BuildCosts
from wares_assembly.types import Assembly
from wares_calculation.types import Charge, Discount, Markup, Subtotal
from wares_channels import presets
from wares_channels.documents import ChannelCharge
from wares_group import Group
from wares_kit.types import Kit
from wares_matrix.types import Matrix
from wares_nonstock import Expense, NonStock
from wares_profit.documents import PeriodCogs
from wares_service import Service
from wares_stock import Stock
from wares_tracking.documents import Match, PurchaseDetails

BOLT = {"type": "stock", "sku": "BOLT", "price": "0.35", "cost": "0.08"}
RIM = {"type": "stock", "sku": "RIM", "price": "49.99", "cost": "30"}
HOUR = {"type": "service", "sku": "HOUR", "price": "60", "cost": "24"}
PARTS = [{"sku": "BOLT", "quantity": "3"}, {"sku": "RIM", "quantity": "1"}]


class TestStock(ItemTypeContract):
    plugin = wares_stock
    item_type = Stock()
    example = {"sku": "NUT", "price": "0.35", "cost": "0.08"}


class TestStockByLayers(TestStock):
    example = {"sku": "NUT", "price": "0.35", "cost": "0.08", "cost_method": "fifo"}


class TestAssembly(ItemTypeContract):
    plugin = wares_assembly
    item_type = Assembly()
    needs = [BOLT, RIM, HOUR]
    example = {"sku": "WHEEL", "price": "99.99", "cost": "55", "components": [*PARTS, {"sku": "HOUR", "quantity": "0.5"}]}


class TestBuildCosts(ReportContract):
    plugin = wares_assembly
    report = BuildCosts()
    needs = BuildCosts.example_records


class TestBuild(DocumentTypeContract):
    plugin = wares_assembly
    document_type = Build()
    needs = [
        BOLT,
        RIM,
        {"type": "assembly", "sku": "WHEEL", "price": "99.99", "components": PARTS},
        {
            "record": "document",
            "type": "opening_balance",
            "date": "2026-01-01",
            "lines": [
                {"item": "BOLT", "quantity": "100", "amount": "8.00"},
                {"item": "RIM", "quantity": "10", "amount": "301.01"},
            ],
        },
    ]
    example = {"date": "2026-01-02", "lines": [{"item": "WHEEL", "quantity": "7"}]}


class TestUnbuild(DocumentTypeContract):
    plugin = wares_assembly
    document_type = Unbuild()
    needs = [*TestBuild.needs, {"record": "document", "type": "build", "number": "M-1", **TestBuild.example}]
    example = {"date": "2026-01-03", "lines": [{"item": "WHEEL", "quantity": "3", "from": "M-1#1"}]}


class TestKit(ItemTypeContract):
    plugin = wares_kit
    item_type = Kit()
    needs = [BOLT, RIM, HOUR]
    example = {"sku": "TUNE-UP", "price": "59", "components": [*PARTS, {"sku": "HOUR", "quantity": "0.25"}]}


class TestKitPricedByItsComponents(TestKit):
    example = {**TestKit.example, "attributes": {"price_from_components": True}}


class TestGroup(ItemTypeContract):
    plugin = wares_group
    item_type = Group()
    needs = [BOLT, RIM, HOUR]
    example = {
        "sku": "STARTER",
        "components": [{"sku": "BOLT", "quantity": "4", "price": "0.33"}, {"sku": "HOUR", "quantity": "1"}],
    }


class TestMatrix(ItemTypeContract):
    plugin = wares_matrix
    item_type = Matrix()
    example, *follows = Matrix.example_records


class TestNonStock(ItemTypeContract):
    plugin = wares_nonstock
    item_type = NonStock()
    example = {"sku": "LICENCE", "price": "12", "cost": "9.50"}


class TestExpense(ItemTypeContract):
    plugin = wares_nonstock
    item_type = Expense()
    example = {"sku": "GLUE", "cost": "0.10"}


class TestService(ItemTypeContract):
    plugin = wares_service
    item_type = Service()
    example = {"sku": "REPAIR", "price": "59.95", "cost": "24", "attributes": {"increment": "0.25", "minimum": "0.5"}}


class TestCharge(ItemTypeContract):
    plugin = wares_calculation
    item_type = Charge()
    example = {"sku": "FREIGHT", "attributes": {"amount": "7.50"}}


class TestChargeInPercent(TestCharge):
    example = {"sku": "FUEL", "attributes": {"percent": "3.3"}}


class TestDiscount(ItemTypeContract):
    plugin = wares_calculation
    item_type = Discount()
    example = {"sku": "TENOFF", "attributes": {"percent": "10"}}


class TestMarkup(ItemTypeContract):
    plugin = wares_calculation
    item_type = Markup()
    example = {"sku": "RUSH", "attributes": {"percent": "5"}}


class TestSubtotal(ItemTypeContract):
    plugin = wares_calculation
    item_type = Subtotal()
    example = {"sku": "SUB"}


class TestPurchaseDetails(DocumentTypeContract):
    plugin = wares_tracking
    document_type = PurchaseDetails()
    *needs, example = PurchaseDetails.example_records


class TestMatch(DocumentTypeContract):
    plugin = wares_tracking
    document_type = Match()
    *needs, example = Match.example_records


class TestChannelCharge(DocumentTypeContract):
    plugin = wares_channels
    document_type = ChannelCharge()
    *needs, example = ChannelCharge.example_records


class TestPeriodCogs(DocumentTypeContract):
    plugin = wares_profit
    document_type = PeriodCogs()
    *needs, example = PeriodCogs.example_records


class TestMovingAverage(CostMethodContract):
    plugin = None
    cost_method = MovingAverage()


class TestFirstInFirstOut(CostMethodContract):
    plugin = None
    cost_method = FirstInFirstOut()


class TestLastInFirstOut(CostMethodContract):
    plugin = None
    cost_method = LastInFirstOut()


class TestSpecificIdentification(CostMethodContract):
    plugin = None
    cost_method = SpecificIdentification()


class TestStandardCost(CostMethodContract):
    plugin = None
    cost_method = StandardCost()


class TestShopify(ChannelContract):
    plugin = wares_channels
    channel = presets.SHOPIFY


class TestEtsy(ChannelContract):
    plugin = wares_channels
    channel = presets.ETSY


class TestEbay(ChannelContract):
    plugin = wares_channels
    channel = presets.EBAY


class TestAmazon(ChannelContract):
    plugin = wares_channels
    channel = presets.AMAZON


class TestWooCommerce(ChannelContract):
    plugin = wares_channels
    channel = presets.WOOCOMMERCE


class TestSquare(ChannelContract):
    plugin = wares_channels
    channel = presets.SQUARE
