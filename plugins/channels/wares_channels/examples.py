"""A small file of each report, as the channel writes it: the contract of channels and `wares plugins check` import them."""

from __future__ import annotations

SHOPIFY = {
    "orders": """\
Name,Email,Financial Status,Paid at,Currency,Taxes,Discount Amount,Shipping,Created at,Lineitem quantity,Lineitem name,\
Lineitem price,Lineitem sku,Refunded Amount
#1001,jane@example.com,paid,2026-02-01 10:05:00 -0500,USD,2.80,3.00,5.00,2026-02-01 10:00:00 -0500,2,Blue mug,15.00,MUG,0.00
#1001,jane@example.com,,,,,,,2026-02-01 10:00:00 -0500,1,Red cup,8.00,,
#1002,john@example.com,partially_refunded,2026-02-03 09:01:00 -0500,USD,0.00,0.00,0.00,2026-02-03 09:00:00 -0500,1,Tea pot,40.00,\
POT,10.00
"""
}

ETSY = {
    "sold_items": """\
Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Discount Amount,Order Shipping,Currency,Transaction ID,Order ID,SKU
02/01/26,Blue mug,jane,2,15.00,SPRING,3.00,5.00,USD,901,77,MUG
02/01/26,Red cup,jane,1,8.00,,0,5.00,USD,902,77,
""",
    "sold_orders": """\
Sale Date,Order ID,Buyer User ID,Full Name,Number of Items,Status,Currency,Order Value,Card Processing Fees,Order Net
02/01/26,77,jane,Jane,3,Shipped,USD,38.00,1.54,41.46
""",
    "statement": """\
Date,Type,Title,Info,Currency,Amount,Fees & Taxes,Net,Tax Details
"February 1, 2026",Sale,Payment for Order #77,Order #77,USD,$43.00,--,$43.00,--
"February 1, 2026",Fee,Listing fee,Order #77,USD,--,-$0.20,-$0.20,--
"February 9, 2026",Deposit,$31.80 sent to your bank account,,USD,--,--,--,--
""",
}

EBAY = {
    "orders": """\
Order Number,Buyer Username,Item Title,Custom Label,Quantity,Sold For,Shipping And Handling,Seller Collected Tax,Sale Date,\
Transaction ID
12-1,jane,,,3,$38.00,$5.00,$2.80,Feb-01-26,
12-1,jane,Blue mug,MUG,2,$15.00,,,Feb-01-26,901
12-1,jane,Red cup,,1,$8.00,,,Feb-01-26,902
"""
}

AMAZON = {
    "all_orders": """\
amazon-order-id,purchase-date,order-status,product-name,sku,item-status,quantity,currency,item-price,shipping-price,\
item-promotion-discount,ship-promotion-discount
1-1,2026-02-01T10:00:00+00:00,Shipped,Blue mug,MUG,Shipped,2,USD,30.00,5.00,2.00,1.00
1-2,2026-02-01T11:00:00+00:00,Cancelled,Blue mug,MUG,Cancelled,0,,,,,
""",
    "settlement": """\
settlement-id,deposit-date,total-amount,currency,transaction-type,order-id,amount-type,amount-description,amount,posted-date,\
sku,order-item-code
5,2026-02-15,27.50,USD,,,,,,,,
5,,,,Order,1-1,ItemPrice,Principal,30.00,2026-02-02,MUG,9
5,,,,Order,1-1,ItemFees,Commission,-4.50,2026-02-02,MUG,9
""",
    "settlement_v1": """\
settlement-id,deposit-date,total-amount,currency,transaction-type,order-id,posted-date,order-item-code,sku,price-type,price-amount,\
item-related-fee-type,item-related-fee-amount,other-amount
7,2026-02-15,22.50,USD,,,,,,,,,,
7,,,,Order,1-1,2026-02-02,9,MUG,Principal,30.00,,,
7,,,,Order,1-1,2026-02-02,9,MUG,,,Commission,-4.50,
7,,,,Refund,1-1,2026-02-09,9,MUG,Principal,-3.00,,,
""",
    "date_range": """\
date/time,settlement id,type,order id,sku,description,quantity,product sales,selling fees,fba fees,other transaction fees,total
"Feb 1, 2026 10:00:00 AM PST",6,Order,1-3,POT,Tea pot,1,40.00,-6.00,-3.50,0,30.50
"Feb 15, 2026 9:00:00 AM PST",6,Transfer,,,To your account ending in: 123,,0,0,0,0,-30.50
""",
}

WOOCOMMERCE = {
    "orders": """\
Order Number,Order Status,Order Date,Item Name,SKU,Quantity,Item Cost,Order Shipping Amount,Cart Discount Amount,\
Order Total Tax Amount,Order Refund Amount
7,Completed,2026-02-01,Blue mug,MUG,2,15.00,5.00,3.00,2.80,0
8,Cancelled,2026-02-01,Blue mug,MUG,2,15.00,5.00,3.00,2.80,0
"""
}

SQUARE = {
    "items": """\
Date,Time,Category,Item,Qty,Price Point Name,SKU,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Event Type
2026-02-01,10:00:00,Mugs,Blue mug,2,Regular,MUG,$30.00,($3.00),$27.00,$2.80,T1,Payment
2026-02-05,11:00:00,Mugs,Blue mug,-1,Regular,MUG,-$15.00,$1.50,-$13.50,-$1.40,T2,Refund
""",
    "transactions": """\
Date,Time,Gross Sales,Discounts,Net Sales,Fees,Net Total,Transaction ID
2026-02-01,10:00:00,$30.00,-$3.00,$27.00,-$0.90,$28.90,T1
""",
}
