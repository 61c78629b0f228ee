BEGIN TRANSACTION;
CREATE TABLE account (
	company_id BIGINT NOT NULL, 
	account_id BIGINT NOT NULL, 
	code VARCHAR(200) NOT NULL, 
	name TEXT, 
	type VARCHAR(200) NOT NULL, 
	roles TEXT, 
	active SMALLINT NOT NULL, 
	CONSTRAINT pk_account PRIMARY KEY (company_id, account_id), 
	CONSTRAINT fk_account_company_id FOREIGN KEY(company_id) REFERENCES company (company_id), 
	CONSTRAINT uq_account_company_id_code UNIQUE (company_id, code)
);
INSERT INTO "account" VALUES(1,1001,'1010','Bank','asset','["bank"]',1);
INSERT INTO "account" VALUES(1,1002,'1020','Cash','asset','["bank"]',1);
INSERT INTO "account" VALUES(1,1003,'1100','Channel clearing','asset','["channel_clearing"]',1);
INSERT INTO "account" VALUES(1,1004,'1200','Accounts receivable','asset','["receivable"]',1);
INSERT INTO "account" VALUES(1,1005,'1250','Prepayments to suppliers','asset','["supplier_deposit"]',1);
INSERT INTO "account" VALUES(1,1006,'1300','Inventory','asset','["inventory"]',1);
INSERT INTO "account" VALUES(1,1007,'1350','Inventory not yet detailed','asset','["inventory_undetailed"]',1);
INSERT INTO "account" VALUES(1,1008,'1360','Inventory, periodic','asset','["inventory_periodic"]',1);
INSERT INTO "account" VALUES(1,1009,'1400','Delivered not invoiced','asset','["delivered_not_invoiced"]',1);
INSERT INTO "account" VALUES(1,1010,'1450','Drop ship clearing','asset','["drop_ship_clearing"]',1);
INSERT INTO "account" VALUES(1,1011,'1460','Landed cost clearing','asset','["landed_cost_clearing"]',1);
INSERT INTO "account" VALUES(1,1012,'1500','Tax recoverable','asset','["tax_recoverable"]',1);
INSERT INTO "account" VALUES(1,1013,'1700','Equipment','asset','[]',1);
INSERT INTO "account" VALUES(1,1014,'2000','Accounts payable','liability','["payable"]',1);
INSERT INTO "account" VALUES(1,1015,'2050','Customer deposits','liability','["customer_deposit"]',1);
INSERT INTO "account" VALUES(1,1016,'2100','Sales tax payable','liability','["tax_payable"]',1);
INSERT INTO "account" VALUES(1,1017,'2200','Received not billed','liability','["received_not_billed"]',1);
INSERT INTO "account" VALUES(1,1018,'2700','Loans','liability','[]',1);
INSERT INTO "account" VALUES(1,1019,'3000','Owner''s capital','equity','["owner_contribution"]',1);
INSERT INTO "account" VALUES(1,1020,'3100','Owner''s drawings','equity','["owner_drawings"]',1);
INSERT INTO "account" VALUES(1,1021,'3200','Retained earnings','equity','["retained_earnings"]',1);
INSERT INTO "account" VALUES(1,1022,'3900','Opening balances','equity','["opening_balance"]',1);
INSERT INTO "account" VALUES(1,1023,'4000','Sales','income','["income"]',1);
INSERT INTO "account" VALUES(1,1024,'4100','Shipping income','income','["shipping_income"]',1);
INSERT INTO "account" VALUES(1,1025,'4200','Tips','income','["tips"]',1);
INSERT INTO "account" VALUES(1,1026,'4900','Discounts given','income','["discount"]',1);
INSERT INTO "account" VALUES(1,1027,'5000','Cost of goods sold','expense','["cogs"]',1);
INSERT INTO "account" VALUES(1,1028,'5100','Purchase price variance','expense','["price_variance"]',1);
INSERT INTO "account" VALUES(1,1029,'5200','Build variance','expense','["build_variance"]',1);
INSERT INTO "account" VALUES(1,1030,'5300','Build costs absorbed','expense','["build_absorption"]',1);
INSERT INTO "account" VALUES(1,1031,'5400','Inventory revaluation','expense','["revaluation"]',1);
INSERT INTO "account" VALUES(1,1032,'5900','Inventory adjustment','expense','["inventory_adjustment"]',1);
INSERT INTO "account" VALUES(1,1033,'6000','Operating expenses','expense','["expense"]',1);
INSERT INTO "account" VALUES(1,1034,'6100','Rent and utilities','expense','[]',1);
INSERT INTO "account" VALUES(1,1035,'6200','Shipping and postage','expense','["shipping_cost"]',1);
INSERT INTO "account" VALUES(1,1036,'6300','Channel fees','expense','["channel_fees"]',1);
INSERT INTO "account" VALUES(1,1037,'6900','Write-offs','expense','["write_off"]',1);
INSERT INTO "account" VALUES(1,1038,'7000','Exchange gains and losses','expense','["fx_gain_loss"]',1);
INSERT INTO "account" VALUES(1,1039,'7900','Rounding','expense','["rounding"]',1);
CREATE TABLE application (
	company_id BIGINT NOT NULL, 
	document_id BIGINT NOT NULL, 
	target_id BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	base_amount BIGINT NOT NULL, 
	CONSTRAINT pk_application PRIMARY KEY (company_id, document_id, target_id), 
	CONSTRAINT fk_application_company_id_document_id FOREIGN KEY(company_id, document_id) REFERENCES document (company_id, document_id), 
	CONSTRAINT fk_application_company_id_target_id FOREIGN KEY(company_id, target_id) REFERENCES document (company_id, document_id), 
	CONSTRAINT fk_application_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
CREATE TABLE closing (
	company_id BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	action VARCHAR(200) NOT NULL, 
	date INTEGER NOT NULL, 
	reason TEXT, 
	recorded_at BIGINT NOT NULL, 
	last_id BIGINT NOT NULL, 
	CONSTRAINT pk_closing PRIMARY KEY (company_id, number), 
	CONSTRAINT fk_closing_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
CREATE TABLE company (
	company_id BIGINT NOT NULL, 
	code VARCHAR(200) NOT NULL, 
	name TEXT, 
	currency VARCHAR(200) NOT NULL, 
	decimals SMALLINT NOT NULL, 
	version BIGINT NOT NULL, 
	master_version BIGINT NOT NULL, 
	next_id BIGINT NOT NULL, 
	next_sequence BIGINT NOT NULL, 
	next_entry BIGINT NOT NULL, 
	closed_through INTEGER NOT NULL, 
	projections TEXT NOT NULL, 
	CONSTRAINT pk_company PRIMARY KEY (company_id)
);
INSERT INTO "company" VALUES(1,'MAIN','MAIN','USD',2,12,6,1087,12,12,0,'seller_sale_lines seller_stock_values seller_charges seller_listings');
CREATE TABLE component (
	company_id BIGINT NOT NULL, 
	parent_id BIGINT NOT NULL, 
	kind SMALLINT NOT NULL, 
	position BIGINT NOT NULL, 
	item_id BIGINT NOT NULL, 
	quantity BIGINT NOT NULL, 
	price BIGINT, 
	share BIGINT, 
	attributes TEXT, 
	CONSTRAINT pk_component PRIMARY KEY (company_id, parent_id, kind, position), 
	CONSTRAINT fk_component_company_id_item_id FOREIGN KEY(company_id, item_id) REFERENCES item (company_id, item_id), 
	CONSTRAINT fk_component_company_id_parent_id FOREIGN KEY(company_id, parent_id) REFERENCES item (company_id, item_id), 
	CONSTRAINT fk_component_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
CREATE TABLE consumption (
	company_id BIGINT NOT NULL, 
	move_id BIGINT NOT NULL, 
	layer_id BIGINT NOT NULL, 
	quantity BIGINT NOT NULL, 
	value BIGINT NOT NULL, 
	estimate BIGINT, 
	CONSTRAINT pk_consumption PRIMARY KEY (company_id, move_id, layer_id), 
	CONSTRAINT fk_consumption_company_id_move_id FOREIGN KEY(company_id, move_id) REFERENCES move (company_id, move_id), 
	CONSTRAINT fk_consumption_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
INSERT INTO "consumption" VALUES(1,1078,1054,2000000,1200,NULL);
INSERT INTO "consumption" VALUES(1,1082,1056,1000000,2000,NULL);
CREATE TABLE currency (
	code VARCHAR(200) NOT NULL, 
	name TEXT, 
	decimals SMALLINT NOT NULL, 
	CONSTRAINT pk_currency PRIMARY KEY (code)
);
INSERT INTO "currency" VALUES('AED','UAE Dirham',2);
INSERT INTO "currency" VALUES('AFN','Afghani',2);
INSERT INTO "currency" VALUES('ALL','Lek',2);
INSERT INTO "currency" VALUES('AMD','Armenian Dram',2);
INSERT INTO "currency" VALUES('ANG','Netherlands Antillean Guilder',2);
INSERT INTO "currency" VALUES('AOA','Kwanza',2);
INSERT INTO "currency" VALUES('ARS','Argentine Peso',2);
INSERT INTO "currency" VALUES('AUD','Australian Dollar',2);
INSERT INTO "currency" VALUES('AWG','Aruban Florin',2);
INSERT INTO "currency" VALUES('AZN','Azerbaijan Manat',2);
INSERT INTO "currency" VALUES('BAM','Convertible Mark',2);
INSERT INTO "currency" VALUES('BBD','Barbados Dollar',2);
INSERT INTO "currency" VALUES('BDT','Taka',2);
INSERT INTO "currency" VALUES('BGN','Bulgarian Lev',2);
INSERT INTO "currency" VALUES('BHD','Bahraini Dinar',3);
INSERT INTO "currency" VALUES('BIF','Burundi Franc',0);
INSERT INTO "currency" VALUES('BMD','Bermudian Dollar',2);
INSERT INTO "currency" VALUES('BND','Brunei Dollar',2);
INSERT INTO "currency" VALUES('BOB','Boliviano',2);
INSERT INTO "currency" VALUES('BRL','Brazilian Real',2);
INSERT INTO "currency" VALUES('BSD','Bahamian Dollar',2);
INSERT INTO "currency" VALUES('BTN','Ngultrum',2);
INSERT INTO "currency" VALUES('BWP','Pula',2);
INSERT INTO "currency" VALUES('BYN','Belarusian Ruble',2);
INSERT INTO "currency" VALUES('BZD','Belize Dollar',2);
INSERT INTO "currency" VALUES('CAD','Canadian Dollar',2);
INSERT INTO "currency" VALUES('CDF','Congolese Franc',2);
INSERT INTO "currency" VALUES('CHF','Swiss Franc',2);
INSERT INTO "currency" VALUES('CLP','Chilean Peso',0);
INSERT INTO "currency" VALUES('CNY','Yuan Renminbi',2);
INSERT INTO "currency" VALUES('COP','Colombian Peso',2);
INSERT INTO "currency" VALUES('CRC','Costa Rican Colon',2);
INSERT INTO "currency" VALUES('CUP','Cuban Peso',2);
INSERT INTO "currency" VALUES('CVE','Cabo Verde Escudo',2);
INSERT INTO "currency" VALUES('CZK','Czech Koruna',2);
INSERT INTO "currency" VALUES('DJF','Djibouti Franc',0);
INSERT INTO "currency" VALUES('DKK','Danish Krone',2);
INSERT INTO "currency" VALUES('DOP','Dominican Peso',2);
INSERT INTO "currency" VALUES('DZD','Algerian Dinar',2);
INSERT INTO "currency" VALUES('EGP','Egyptian Pound',2);
INSERT INTO "currency" VALUES('ERN','Nakfa',2);
INSERT INTO "currency" VALUES('ETB','Ethiopian Birr',2);
INSERT INTO "currency" VALUES('EUR','Euro',2);
INSERT INTO "currency" VALUES('FJD','Fiji Dollar',2);
INSERT INTO "currency" VALUES('FKP','Falkland Islands Pound',2);
INSERT INTO "currency" VALUES('GBP','Pound Sterling',2);
INSERT INTO "currency" VALUES('GEL','Lari',2);
INSERT INTO "currency" VALUES('GHS','Ghana Cedi',2);
INSERT INTO "currency" VALUES('GIP','Gibraltar Pound',2);
INSERT INTO "currency" VALUES('GMD','Dalasi',2);
INSERT INTO "currency" VALUES('GNF','Guinean Franc',0);
INSERT INTO "currency" VALUES('GTQ','Quetzal',2);
INSERT INTO "currency" VALUES('GYD','Guyana Dollar',2);
INSERT INTO "currency" VALUES('HKD','Hong Kong Dollar',2);
INSERT INTO "currency" VALUES('HNL','Lempira',2);
INSERT INTO "currency" VALUES('HTG','Gourde',2);
INSERT INTO "currency" VALUES('HUF','Forint',2);
INSERT INTO "currency" VALUES('IDR','Rupiah',2);
INSERT INTO "currency" VALUES('ILS','New Israeli Sheqel',2);
INSERT INTO "currency" VALUES('INR','Indian Rupee',2);
INSERT INTO "currency" VALUES('IQD','Iraqi Dinar',3);
INSERT INTO "currency" VALUES('IRR','Iranian Rial',2);
INSERT INTO "currency" VALUES('ISK','Iceland Krona',0);
INSERT INTO "currency" VALUES('JMD','Jamaican Dollar',2);
INSERT INTO "currency" VALUES('JOD','Jordanian Dinar',3);
INSERT INTO "currency" VALUES('JPY','Yen',0);
INSERT INTO "currency" VALUES('KES','Kenyan Shilling',2);
INSERT INTO "currency" VALUES('KGS','Som',2);
INSERT INTO "currency" VALUES('KHR','Riel',2);
INSERT INTO "currency" VALUES('KMF','Comorian Franc',0);
INSERT INTO "currency" VALUES('KPW','North Korean Won',2);
INSERT INTO "currency" VALUES('KRW','Won',0);
INSERT INTO "currency" VALUES('KWD','Kuwaiti Dinar',3);
INSERT INTO "currency" VALUES('KYD','Cayman Islands Dollar',2);
INSERT INTO "currency" VALUES('KZT','Tenge',2);
INSERT INTO "currency" VALUES('LAK','Lao Kip',2);
INSERT INTO "currency" VALUES('LBP','Lebanese Pound',2);
INSERT INTO "currency" VALUES('LKR','Sri Lanka Rupee',2);
INSERT INTO "currency" VALUES('LRD','Liberian Dollar',2);
INSERT INTO "currency" VALUES('LSL','Loti',2);
INSERT INTO "currency" VALUES('LYD','Libyan Dinar',3);
INSERT INTO "currency" VALUES('MAD','Moroccan Dirham',2);
INSERT INTO "currency" VALUES('MDL','Moldovan Leu',2);
INSERT INTO "currency" VALUES('MGA','Malagasy Ariary',2);
INSERT INTO "currency" VALUES('MKD','Denar',2);
INSERT INTO "currency" VALUES('MMK','Kyat',2);
INSERT INTO "currency" VALUES('MNT','Tugrik',2);
INSERT INTO "currency" VALUES('MOP','Pataca',2);
INSERT INTO "currency" VALUES('MRU','Ouguiya',2);
INSERT INTO "currency" VALUES('MUR','Mauritius Rupee',2);
INSERT INTO "currency" VALUES('MVR','Rufiyaa',2);
INSERT INTO "currency" VALUES('MWK','Malawi Kwacha',2);
INSERT INTO "currency" VALUES('MXN','Mexican Peso',2);
INSERT INTO "currency" VALUES('MYR','Malaysian Ringgit',2);
INSERT INTO "currency" VALUES('MZN','Mozambique Metical',2);
INSERT INTO "currency" VALUES('NAD','Namibia Dollar',2);
INSERT INTO "currency" VALUES('NGN','Naira',2);
INSERT INTO "currency" VALUES('NIO','Cordoba Oro',2);
INSERT INTO "currency" VALUES('NOK','Norwegian Krone',2);
INSERT INTO "currency" VALUES('NPR','Nepalese Rupee',2);
INSERT INTO "currency" VALUES('NZD','New Zealand Dollar',2);
INSERT INTO "currency" VALUES('OMR','Rial Omani',3);
INSERT INTO "currency" VALUES('PAB','Balboa',2);
INSERT INTO "currency" VALUES('PEN','Sol',2);
INSERT INTO "currency" VALUES('PGK','Kina',2);
INSERT INTO "currency" VALUES('PHP','Philippine Peso',2);
INSERT INTO "currency" VALUES('PKR','Pakistan Rupee',2);
INSERT INTO "currency" VALUES('PLN','Zloty',2);
INSERT INTO "currency" VALUES('PYG','Guarani',0);
INSERT INTO "currency" VALUES('QAR','Qatari Rial',2);
INSERT INTO "currency" VALUES('RON','Romanian Leu',2);
INSERT INTO "currency" VALUES('RSD','Serbian Dinar',2);
INSERT INTO "currency" VALUES('RUB','Russian Ruble',2);
INSERT INTO "currency" VALUES('RWF','Rwanda Franc',0);
INSERT INTO "currency" VALUES('SAR','Saudi Riyal',2);
INSERT INTO "currency" VALUES('SBD','Solomon Islands Dollar',2);
INSERT INTO "currency" VALUES('SCR','Seychelles Rupee',2);
INSERT INTO "currency" VALUES('SDG','Sudanese Pound',2);
INSERT INTO "currency" VALUES('SEK','Swedish Krona',2);
INSERT INTO "currency" VALUES('SGD','Singapore Dollar',2);
INSERT INTO "currency" VALUES('SHP','Saint Helena Pound',2);
INSERT INTO "currency" VALUES('SLE','Leone',2);
INSERT INTO "currency" VALUES('SOS','Somali Shilling',2);
INSERT INTO "currency" VALUES('SRD','Surinam Dollar',2);
INSERT INTO "currency" VALUES('SSP','South Sudanese Pound',2);
INSERT INTO "currency" VALUES('STN','Dobra',2);
INSERT INTO "currency" VALUES('SVC','El Salvador Colon',2);
INSERT INTO "currency" VALUES('SYP','Syrian Pound',2);
INSERT INTO "currency" VALUES('SZL','Lilangeni',2);
INSERT INTO "currency" VALUES('THB','Baht',2);
INSERT INTO "currency" VALUES('TJS','Somoni',2);
INSERT INTO "currency" VALUES('TMT','Turkmenistan New Manat',2);
INSERT INTO "currency" VALUES('TND','Tunisian Dinar',3);
INSERT INTO "currency" VALUES('TOP','Pa''anga',2);
INSERT INTO "currency" VALUES('TRY','Turkish Lira',2);
INSERT INTO "currency" VALUES('TTD','Trinidad and Tobago Dollar',2);
INSERT INTO "currency" VALUES('TWD','New Taiwan Dollar',2);
INSERT INTO "currency" VALUES('TZS','Tanzanian Shilling',2);
INSERT INTO "currency" VALUES('UAH','Hryvnia',2);
INSERT INTO "currency" VALUES('UGX','Uganda Shilling',0);
INSERT INTO "currency" VALUES('USD','US Dollar',2);
INSERT INTO "currency" VALUES('UYU','Peso Uruguayo',2);
INSERT INTO "currency" VALUES('UZS','Uzbekistan Sum',2);
INSERT INTO "currency" VALUES('VED','Bolívar Digital',2);
INSERT INTO "currency" VALUES('VES','Bolívar Soberano',2);
INSERT INTO "currency" VALUES('VND','Dong',0);
INSERT INTO "currency" VALUES('VUV','Vatu',0);
INSERT INTO "currency" VALUES('WST','Tala',2);
INSERT INTO "currency" VALUES('XAF','CFA Franc BEAC',0);
INSERT INTO "currency" VALUES('XCD','East Caribbean Dollar',2);
INSERT INTO "currency" VALUES('XCG','Caribbean Guilder',2);
INSERT INTO "currency" VALUES('XOF','CFA Franc BCEAO',0);
INSERT INTO "currency" VALUES('XPF','CFP Franc',0);
INSERT INTO "currency" VALUES('YER','Yemeni Rial',2);
INSERT INTO "currency" VALUES('ZAR','Rand',2);
INSERT INTO "currency" VALUES('ZMW','Zambian Kwacha',2);
INSERT INTO "currency" VALUES('ZWG','Zimbabwe Gold',2);
CREATE TABLE directory (
	code VARCHAR(200) NOT NULL, 
	company_id BIGINT NOT NULL, 
	CONSTRAINT pk_directory PRIMARY KEY (code)
);
INSERT INTO "directory" VALUES('MAIN',1);
CREATE TABLE document (
	company_id BIGINT NOT NULL, 
	document_id BIGINT NOT NULL, 
	type VARCHAR(200) NOT NULL, 
	number VARCHAR(200) NOT NULL, 
	revision BIGINT NOT NULL, 
	issued BIGINT, 
	status VARCHAR(200) NOT NULL, 
	effective_at BIGINT NOT NULL, 
	sequence BIGINT NOT NULL, 
	date INTEGER NOT NULL, 
	due INTEGER, 
	party_id BIGINT, 
	location_id BIGINT, 
	account_id BIGINT, 
	reference VARCHAR(200), 
	reference_key VARCHAR(200), 
	currency VARCHAR(200) NOT NULL, 
	rate BIGINT NOT NULL, 
	goods VARCHAR(200) NOT NULL, 
	total BIGINT NOT NULL, 
	base_total BIGINT NOT NULL, 
	parent_id BIGINT, 
	memo TEXT, 
	"key" VARCHAR(200), 
	body_hash VARCHAR(200), 
	recorded_at BIGINT NOT NULL, 
	attributes TEXT, 
	record TEXT NOT NULL, 
	CONSTRAINT pk_document PRIMARY KEY (company_id, document_id), 
	CONSTRAINT fk_document_company_id FOREIGN KEY(company_id) REFERENCES company (company_id), 
	CONSTRAINT uq_document_company_id_key UNIQUE (company_id, "key"), 
	CONSTRAINT uq_document_company_id_number_revision UNIQUE (company_id, number, revision), 
	CONSTRAINT uq_document_company_id_reference_key UNIQUE (company_id, reference_key)
);
INSERT INTO "document" VALUES(1,1041,'cash_purchase','CP-00001',1,1,'posted',1767571200000000,1,20260105,NULL,1040,1000,1001,NULL,NULL,'USD',10000000000,'now',10000,10000,NULL,NULL,'bank:1010:2026-01-05 100 Flea market a box of mugs and pots','6903a0fd3f95a590429dea1071b2ed99456a41b0d1518bd17084e0d5d1cc5d5d',1796097707791139,NULL,'{"account":"1010","date":"2026-01-05","key":"bank:1010:2026-01-05 100 Flea market a box of mugs and pots","lines":[{"account":"1350","amount":"100.00","description":"a box of mugs and pots"}],"party":"Flea market","record":"document","type":"cash_purchase"}');
INSERT INTO "document" VALUES(1,1045,'cash_purchase','CP-00002',1,2,'posted',1769299200000000,2,20260125,NULL,1044,1000,1001,NULL,NULL,'USD',10000000000,'now',620,620,NULL,NULL,'bank:1010:2026-01-25 6.2 USPS labels','055e7b1af91127b1bc07db2eae9d4102646be62a4d83a516001b23b9e20f3eaa',1796097707791139,NULL,'{"account":"1010","date":"2026-01-25","key":"bank:1010:2026-01-25 6.2 USPS labels","lines":[{"account":"6200","amount":"6.20","description":"labels"}],"party":"USPS","record":"document","type":"cash_purchase"}');
INSERT INTO "document" VALUES(1,1050,'purchase_details','PD-00001',1,1,'posted',1767571200000000,3,20260105,NULL,NULL,1000,NULL,NULL,NULL,'USD',10000000000,'now',4400,4400,NULL,NULL,NULL,NULL,1796097711837109,NULL,'{"lines":[{"amount":"24.00","from":"CP-00001#1","item":"MUG","quantity":"4"},{"amount":"20.00","from":"CP-00001#1","item":"POT","quantity":"1"}],"record":"document","type":"purchase_details"}');
INSERT INTO "document" VALUES(1,1059,'cash_sale','CS-00001',1,1,'posted',1771027200000000,4,20260214,NULL,NULL,1000,1003,NULL,NULL,'USD',10000000000,'later',3000,3000,NULL,NULL,'channel:fair/77//sale','c2852321f5e5333308420b5458c14e469c8e8a7eeb4fd944b1d8081d687200f9',1796097716970997,NULL,'{"account":"1100","date":"2026-02-14","goods":"later","key":"channel:fair/77//sale","lines":[{"amount":"30","attributes":{"line":"MUG","sku":"MUG","title":"Blue mug"},"description":"Blue mug","item":"MUG","quantity":"2"}],"type":"cash_sale"}');
INSERT INTO "document" VALUES(1,1062,'channel_charge','CHG-00001',1,1,'posted',1771027200000000,5,20260214,NULL,NULL,1000,1003,NULL,NULL,'USD',10000000000,'now',272,272,NULL,NULL,'channel:fair/77//charge','689085ff190a529afbd5c895950770125fb5cda6eb849c3cdd02ef526e60df31',1796097716970997,NULL,'{"account":"1100","date":"2026-02-14","key":"channel:fair/77//charge","lines":[{"amount":"5","attributes":{"kind":"shipping","line":"MUG"}},{"amount":"2.28","attributes":{"kind":"fee","line":"MUG"}}],"type":"channel_charge"}');
INSERT INTO "document" VALUES(1,1066,'cash_sale','CS-00002',1,2,'posted',1772323200000000,6,20260301,NULL,NULL,1000,1003,NULL,NULL,'USD',10000000000,'later',4800,4800,NULL,NULL,'channel:fair/78//sale','d411cecab1ba3ea9453fc82f65535f3e5c92d39ffa06513e199b94fa55587ea2',1796097716970997,NULL,'{"account":"1100","date":"2026-03-01","goods":"later","key":"channel:fair/78//sale","lines":[{"amount":"48","attributes":{"line":"tea POT","title":"tea POT"},"description":"tea POT","item":"POT","quantity":"1"}],"type":"cash_sale"}');
INSERT INTO "document" VALUES(1,1069,'channel_charge','CHG-00002',1,2,'posted',1772323200000000,7,20260301,NULL,NULL,1000,1003,NULL,NULL,'USD',10000000000,'now',249,249,NULL,NULL,'channel:fair/78//charge','b0614e3dbe02c6cd8ec87d32428a9de13dc80b19101262e8ac4b9a03f92f7562',1796097716970997,NULL,'{"account":"1100","date":"2026-03-01","key":"channel:fair/78//charge","lines":[{"amount":"6","attributes":{"kind":"shipping","line":"tea POT"}},{"amount":"3.51","attributes":{"kind":"fee","line":"tea POT"}}],"type":"channel_charge"}');
INSERT INTO "document" VALUES(1,1073,'cash_sale','CS-00003',1,3,'posted',1773964800000000,8,20260320,NULL,NULL,1000,1003,NULL,NULL,'USD',10000000000,'later',3000,3000,NULL,NULL,'channel:fair/79//sale','3ffbebea38153441db51b0b10f20a0932e729c19e05f2db0ecff99f05184b2be',1796097716970997,NULL,'{"account":"1100","date":"2026-03-20","goods":"later","key":"channel:fair/79//sale","lines":[{"amount":"30","attributes":{"line":"Mystery box","title":"Mystery box"},"description":"Mystery box","quantity":"1"}],"type":"cash_sale"}');
INSERT INTO "document" VALUES(1,1076,'match','MAT-00001',1,1,'posted',1771027200000000,9,20260214,NULL,NULL,1000,NULL,NULL,NULL,'USD',10000000000,'now',0,0,NULL,NULL,NULL,NULL,1796097717144132,NULL,'{"lines":[{"from":"CS-00001#1","lot":"PD-00001#1","quantity":"2"}],"type":"match"}');
INSERT INTO "document" VALUES(1,1080,'match','MAT-00002',1,2,'posted',1772323200000000,10,20260301,NULL,NULL,1000,NULL,NULL,NULL,'USD',10000000000,'now',0,0,NULL,NULL,NULL,NULL,1796097717144132,NULL,'{"lines":[{"from":"CS-00002#1","lot":"PD-00001#2","quantity":"1"}],"type":"match"}');
INSERT INTO "document" VALUES(1,1084,'channel_charge','CHG-00003',1,3,'posted',1771027200000000,11,20260214,NULL,NULL,1000,NULL,NULL,NULL,'USD',10000000000,'now',-350,-350,NULL,'label of CS-00001','channel:fair/77/by hand 1/label','e335aef20e0d82b4fe439e9edb55e81d8e7521794dd2bf88f46121752974b406',1796097722720675,NULL,'{"date":"2026-02-14","key":"channel:fair/77/by hand 1/label","lines":[{"amount":"3.50","attributes":{"kind":"label"}}],"memo":"label of CS-00001","type":"channel_charge"}');
CREATE TABLE entry (
	company_id BIGINT NOT NULL, 
	entry_id BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	date INTEGER NOT NULL, 
	document_id BIGINT NOT NULL, 
	kind VARCHAR(200) NOT NULL, 
	reverses_id BIGINT, 
	recorded_at BIGINT NOT NULL, 
	memo TEXT, 
	seal VARCHAR(200), 
	CONSTRAINT pk_entry PRIMARY KEY (company_id, entry_id), 
	CONSTRAINT fk_entry_company_id_document_id FOREIGN KEY(company_id, document_id) REFERENCES document (company_id, document_id), 
	CONSTRAINT fk_entry_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
INSERT INTO "entry" VALUES(1,1043,1,20260105,1041,'original',NULL,1796097707791139,NULL,NULL);
INSERT INTO "entry" VALUES(1,1047,2,20260125,1045,'original',NULL,1796097707791139,NULL,NULL);
INSERT INTO "entry" VALUES(1,1057,3,20260105,1050,'original',NULL,1796097711837109,NULL,NULL);
INSERT INTO "entry" VALUES(1,1061,4,20260214,1059,'original',NULL,1796097716970997,NULL,NULL);
INSERT INTO "entry" VALUES(1,1065,5,20260214,1062,'original',NULL,1796097716970997,NULL,NULL);
INSERT INTO "entry" VALUES(1,1068,6,20260301,1066,'original',NULL,1796097716970997,NULL,NULL);
INSERT INTO "entry" VALUES(1,1072,7,20260301,1069,'original',NULL,1796097716970997,NULL,NULL);
INSERT INTO "entry" VALUES(1,1075,8,20260320,1073,'original',NULL,1796097716970997,NULL,NULL);
INSERT INTO "entry" VALUES(1,1079,9,20260214,1076,'original',NULL,1796097717144132,NULL,NULL);
INSERT INTO "entry" VALUES(1,1083,10,20260301,1080,'original',NULL,1796097717144132,NULL,NULL);
INSERT INTO "entry" VALUES(1,1086,11,20260214,1084,'original',NULL,1796097722720675,'label of CS-00001',NULL);
CREATE TABLE foreign_line (
	company_id BIGINT NOT NULL, 
	line_id BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	goods_amount BIGINT NOT NULL, 
	CONSTRAINT pk_foreign_line PRIMARY KEY (company_id, line_id), 
	CONSTRAINT fk_foreign_line_company_id_line_id FOREIGN KEY(company_id, line_id) REFERENCES line (company_id, line_id), 
	CONSTRAINT fk_foreign_line_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
CREATE TABLE fulfilment (
	company_id BIGINT NOT NULL, 
	origin_line_id BIGINT NOT NULL, 
	line_id BIGINT NOT NULL, 
	kind VARCHAR(200) NOT NULL, 
	quantity BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	currency_amount BIGINT, 
	CONSTRAINT pk_fulfilment PRIMARY KEY (company_id, origin_line_id, line_id), 
	CONSTRAINT fk_fulfilment_company_id_line_id FOREIGN KEY(company_id, line_id) REFERENCES line (company_id, line_id), 
	CONSTRAINT fk_fulfilment_company_id_origin_line_id FOREIGN KEY(company_id, origin_line_id) REFERENCES line (company_id, line_id), 
	CONSTRAINT fk_fulfilment_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
INSERT INTO "fulfilment" VALUES(1,1042,1051,'detail',4000000,2400,NULL);
INSERT INTO "fulfilment" VALUES(1,1042,1052,'detail',1000000,2000,NULL);
INSERT INTO "fulfilment" VALUES(1,1060,1077,'deliver',2000000,0,NULL);
INSERT INTO "fulfilment" VALUES(1,1067,1081,'deliver',1000000,0,NULL);
CREATE TABLE item (
	company_id BIGINT NOT NULL, 
	item_id BIGINT NOT NULL, 
	type VARCHAR(200) NOT NULL, 
	sku VARCHAR(200) NOT NULL, 
	name TEXT, 
	unit VARCHAR(200) NOT NULL, 
	price BIGINT, 
	cost BIGINT, 
	cost_method VARCHAR(200), 
	category VARCHAR(200), 
	barcode VARCHAR(200), 
	weight BIGINT, 
	volume BIGINT, 
	makes BIGINT NOT NULL, 
	active SMALLINT NOT NULL, 
	attributes TEXT NOT NULL, 
	CONSTRAINT pk_item PRIMARY KEY (company_id, item_id), 
	CONSTRAINT fk_item_company_id FOREIGN KEY(company_id) REFERENCES company (company_id), 
	CONSTRAINT uq_item_company_id_sku UNIQUE (company_id, sku)
);
INSERT INTO "item" VALUES(1,1048,'stock','MUG','Blue mug','ea',NULL,NULL,'specific',NULL,NULL,NULL,NULL,1000000,1,'{}');
INSERT INTO "item" VALUES(1,1049,'stock','POT','Tea pot','ea',NULL,NULL,'specific',NULL,NULL,NULL,NULL,1000000,1,'{}');
CREATE TABLE layer (
	company_id BIGINT NOT NULL, 
	pool_id BIGINT NOT NULL, 
	layer_id BIGINT NOT NULL, 
	effective_at BIGINT NOT NULL, 
	sequence BIGINT NOT NULL, 
	move_id BIGINT NOT NULL, 
	source_id BIGINT NOT NULL, 
	arrived_at BIGINT NOT NULL, 
	arrived_sequence BIGINT NOT NULL, 
	quantity BIGINT NOT NULL, 
	value BIGINT NOT NULL, 
	remaining BIGINT NOT NULL, 
	taken BIGINT NOT NULL, 
	base_quantity BIGINT NOT NULL, 
	base_value BIGINT NOT NULL, 
	exhausted_by BIGINT, 
	exhausted_at BIGINT NOT NULL, 
	exhausted_sequence BIGINT NOT NULL, 
	CONSTRAINT pk_layer PRIMARY KEY (company_id, pool_id, layer_id), 
	CONSTRAINT fk_layer_company_id_move_id FOREIGN KEY(company_id, move_id) REFERENCES move (company_id, move_id), 
	CONSTRAINT fk_layer_company_id_pool_id FOREIGN KEY(company_id, pool_id) REFERENCES pool (company_id, pool_id), 
	CONSTRAINT fk_layer_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
INSERT INTO "layer" VALUES(1,1053,1054,1767571200000000,3145728,1054,1054,1767571200000000,3145728,4000000,2400,2000000,1200,4000000,2400,NULL,4611686018427387904,4611686018427387904);
INSERT INTO "layer" VALUES(1,1055,1056,1767571200000000,3145729,1056,1056,1767571200000000,3145729,1000000,2000,0,2000,1000000,2000,1082,1772323200000000,10485760);
CREATE TABLE line (
	company_id BIGINT NOT NULL, 
	line_id BIGINT NOT NULL, 
	document_id BIGINT NOT NULL, 
	number VARCHAR(200) NOT NULL, 
	position BIGINT NOT NULL, 
	parent_id BIGINT, 
	kind SMALLINT NOT NULL, 
	item_id BIGINT, 
	base_id BIGINT, 
	quantity BIGINT NOT NULL, 
	scrapped BIGINT NOT NULL, 
	unit_price BIGINT, 
	discount BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	goods_amount BIGINT NOT NULL, 
	unit VARCHAR(200), 
	unit_factor BIGINT NOT NULL, 
	location_id BIGINT, 
	account_id BIGINT, 
	from_id BIGINT, 
	lot VARCHAR(200), 
	description TEXT, 
	memo TEXT, 
	attributes TEXT, 
	CONSTRAINT pk_line PRIMARY KEY (company_id, line_id), 
	CONSTRAINT fk_line_company_id_document_id FOREIGN KEY(company_id, document_id) REFERENCES document (company_id, document_id), 
	CONSTRAINT fk_line_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
INSERT INTO "line" VALUES(1,1042,1041,'1',0,NULL,0,NULL,NULL,1000000,0,NULL,0,10000,10000,NULL,1000000,1000,1007,NULL,NULL,'a box of mugs and pots',NULL,NULL);
INSERT INTO "line" VALUES(1,1046,1045,'1',0,NULL,0,NULL,NULL,1000000,0,NULL,0,620,620,NULL,1000000,1000,1035,NULL,NULL,'labels',NULL,NULL);
INSERT INTO "line" VALUES(1,1051,1050,'1',0,NULL,0,1048,NULL,4000000,0,NULL,0,2400,2400,NULL,1000000,1000,NULL,1042,NULL,NULL,NULL,NULL);
INSERT INTO "line" VALUES(1,1052,1050,'2',1,NULL,0,1049,NULL,1000000,0,NULL,0,2000,2000,NULL,1000000,1000,NULL,1042,NULL,NULL,NULL,NULL);
INSERT INTO "line" VALUES(1,1060,1059,'1',0,NULL,0,1048,NULL,2000000,0,NULL,0,3000,3000,NULL,1000000,1000,NULL,NULL,NULL,'Blue mug',NULL,'{"line": "MUG", "sku": "MUG", "title": "Blue mug"}');
INSERT INTO "line" VALUES(1,1063,1062,'1',0,NULL,0,NULL,NULL,1000000,0,NULL,0,500,500,NULL,1000000,1000,NULL,NULL,NULL,NULL,NULL,'{"line": "MUG", "kind": "shipping"}');
INSERT INTO "line" VALUES(1,1064,1062,'2',1,NULL,0,NULL,NULL,1000000,0,NULL,0,228,228,NULL,1000000,1000,NULL,NULL,NULL,NULL,NULL,'{"line": "MUG", "kind": "fee"}');
INSERT INTO "line" VALUES(1,1067,1066,'1',0,NULL,0,1049,NULL,1000000,0,NULL,0,4800,4800,NULL,1000000,1000,NULL,NULL,NULL,'tea POT',NULL,'{"line": "tea POT", "title": "tea POT"}');
INSERT INTO "line" VALUES(1,1070,1069,'1',0,NULL,0,NULL,NULL,1000000,0,NULL,0,600,600,NULL,1000000,1000,NULL,NULL,NULL,NULL,NULL,'{"line": "tea POT", "kind": "shipping"}');
INSERT INTO "line" VALUES(1,1071,1069,'2',1,NULL,0,NULL,NULL,1000000,0,NULL,0,351,351,NULL,1000000,1000,NULL,NULL,NULL,NULL,NULL,'{"line": "tea POT", "kind": "fee"}');
INSERT INTO "line" VALUES(1,1074,1073,'1',0,NULL,0,NULL,NULL,1000000,0,NULL,0,3000,3000,NULL,1000000,1000,NULL,NULL,NULL,'Mystery box',NULL,'{"line": "Mystery box", "title": "Mystery box"}');
INSERT INTO "line" VALUES(1,1077,1076,'1',0,NULL,0,1048,NULL,2000000,0,NULL,0,0,0,NULL,1000000,1000,NULL,1060,'PD-00001#1',NULL,NULL,NULL);
INSERT INTO "line" VALUES(1,1081,1080,'1',0,NULL,0,1049,NULL,1000000,0,NULL,0,0,0,NULL,1000000,1000,NULL,1067,'PD-00001#2',NULL,NULL,NULL);
INSERT INTO "line" VALUES(1,1085,1084,'1',0,NULL,0,NULL,NULL,1000000,0,NULL,0,350,350,NULL,1000000,1000,NULL,NULL,NULL,NULL,NULL,'{"kind": "label"}');
CREATE TABLE location (
	company_id BIGINT NOT NULL, 
	location_id BIGINT NOT NULL, 
	code VARCHAR(200) NOT NULL, 
	name TEXT, 
	active SMALLINT NOT NULL, 
	CONSTRAINT pk_location PRIMARY KEY (company_id, location_id), 
	CONSTRAINT fk_location_company_id FOREIGN KEY(company_id) REFERENCES company (company_id), 
	CONSTRAINT uq_location_company_id_code UNIQUE (company_id, code)
);
INSERT INTO "location" VALUES(1,1000,'MAIN','Main location',1);
CREATE TABLE mapping (
	company_id BIGINT NOT NULL, 
	role VARCHAR(200) NOT NULL, 
	level VARCHAR(200) NOT NULL, 
	"of" VARCHAR(200) NOT NULL, 
	account_id BIGINT NOT NULL, 
	CONSTRAINT pk_mapping PRIMARY KEY (company_id, role, level, "of"), 
	CONSTRAINT fk_mapping_company_id_account_id FOREIGN KEY(company_id, account_id) REFERENCES account (company_id, account_id), 
	CONSTRAINT fk_mapping_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
CREATE TABLE move (
	company_id BIGINT NOT NULL, 
	move_id BIGINT NOT NULL, 
	document_id BIGINT NOT NULL, 
	line_id BIGINT NOT NULL, 
	pool_id BIGINT NOT NULL, 
	item_id BIGINT NOT NULL, 
	location_id BIGINT NOT NULL, 
	quantity BIGINT NOT NULL, 
	counted BIGINT, 
	effective_at BIGINT NOT NULL, 
	sequence BIGINT NOT NULL, 
	recorded_at BIGINT NOT NULL, 
	date INTEGER NOT NULL, 
	intent SMALLINT NOT NULL, 
	stated BIGINT, 
	origin_id BIGINT, 
	group_id BIGINT, 
	share BIGINT, 
	fallback_cost BIGINT, 
	counter_id BIGINT, 
	variance_id BIGINT, 
	short SMALLINT NOT NULL, 
	method VARCHAR(200), 
	annulled_by BIGINT, 
	annuls BIGINT, 
	CONSTRAINT pk_move PRIMARY KEY (company_id, move_id), 
	CONSTRAINT fk_move_company_id_document_id FOREIGN KEY(company_id, document_id) REFERENCES document (company_id, document_id), 
	CONSTRAINT fk_move_company_id_pool_id FOREIGN KEY(company_id, pool_id) REFERENCES pool (company_id, pool_id), 
	CONSTRAINT fk_move_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
INSERT INTO "move" VALUES(1,1054,1050,1051,1053,1048,1000,4000000,NULL,1767571200000000,3145728,1796097711837109,20260105,1,2400,NULL,NULL,NULL,NULL,1007,NULL,0,NULL,NULL,NULL);
INSERT INTO "move" VALUES(1,1056,1050,1052,1055,1049,1000,1000000,NULL,1767571200000000,3145729,1796097711837109,20260105,1,2000,NULL,NULL,NULL,NULL,1007,NULL,0,NULL,NULL,NULL);
INSERT INTO "move" VALUES(1,1078,1076,1077,1053,1048,1000,-2000000,NULL,1771027200000000,9437184,1796097717144132,20260214,0,NULL,NULL,NULL,NULL,NULL,1027,NULL,0,NULL,NULL,NULL);
INSERT INTO "move" VALUES(1,1082,1080,1081,1055,1049,1000,-1000000,NULL,1772323200000000,10485760,1796097717144132,20260301,0,NULL,NULL,NULL,NULL,NULL,1027,NULL,0,NULL,NULL,NULL);
CREATE TABLE move_link (
	company_id BIGINT NOT NULL, 
	origin_id BIGINT NOT NULL, 
	move_id BIGINT NOT NULL, 
	CONSTRAINT pk_move_link PRIMARY KEY (company_id, origin_id, move_id), 
	CONSTRAINT fk_move_link_company_id_move_id FOREIGN KEY(company_id, move_id) REFERENCES move (company_id, move_id), 
	CONSTRAINT fk_move_link_company_id_origin_id FOREIGN KEY(company_id, origin_id) REFERENCES move (company_id, move_id), 
	CONSTRAINT fk_move_link_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
CREATE TABLE open_line (
	company_id BIGINT NOT NULL, 
	line_id BIGINT NOT NULL, 
	waits_for VARCHAR(200) NOT NULL, 
	party_id BIGINT NOT NULL, 
	item_id BIGINT NOT NULL, 
	quantity BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	CONSTRAINT pk_open_line PRIMARY KEY (company_id, line_id), 
	CONSTRAINT fk_open_line_company_id_line_id FOREIGN KEY(company_id, line_id) REFERENCES line (company_id, line_id), 
	CONSTRAINT fk_open_line_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
CREATE TABLE outbox (
	company_id BIGINT NOT NULL, 
	sequence BIGINT NOT NULL, 
	event VARCHAR(200) NOT NULL, 
	document_id BIGINT, 
	payload TEXT NOT NULL, 
	recorded_at BIGINT NOT NULL, 
	delivered_at BIGINT, 
	CONSTRAINT pk_outbox PRIMARY KEY (company_id, sequence), 
	CONSTRAINT fk_outbox_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
CREATE TABLE party (
	company_id BIGINT NOT NULL, 
	party_id BIGINT NOT NULL, 
	code VARCHAR(200) NOT NULL, 
	name TEXT, 
	kinds TEXT, 
	active SMALLINT NOT NULL, 
	CONSTRAINT pk_party PRIMARY KEY (company_id, party_id), 
	CONSTRAINT fk_party_company_id FOREIGN KEY(company_id) REFERENCES company (company_id), 
	CONSTRAINT uq_party_company_id_code UNIQUE (company_id, code)
);
INSERT INTO "party" VALUES(1,1040,'Flea market','Flea market','["supplier"]',1);
INSERT INTO "party" VALUES(1,1044,'USPS','USPS','["supplier"]',1);
INSERT INTO "party" VALUES(1,1058,'FAIR','fair','["customer"]',1);
CREATE TABLE period_total (
	company_id BIGINT NOT NULL, 
	account_id BIGINT NOT NULL, 
	period INTEGER NOT NULL, 
	debit BIGINT NOT NULL, 
	credit BIGINT NOT NULL, 
	CONSTRAINT pk_period_total PRIMARY KEY (company_id, account_id, period), 
	CONSTRAINT fk_period_total_company_id_account_id FOREIGN KEY(company_id, account_id) REFERENCES account (company_id, account_id), 
	CONSTRAINT fk_period_total_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
INSERT INTO "period_total" VALUES(1,1001,202601,0,10620);
INSERT INTO "period_total" VALUES(1,1007,202601,10000,4400);
INSERT INTO "period_total" VALUES(1,1035,202601,620,0);
INSERT INTO "period_total" VALUES(1,1006,202601,4400,0);
INSERT INTO "period_total" VALUES(1,1003,202602,3272,350);
INSERT INTO "period_total" VALUES(1,1003,202603,8049,0);
INSERT INTO "period_total" VALUES(1,1023,202602,0,3000);
INSERT INTO "period_total" VALUES(1,1023,202603,0,7800);
INSERT INTO "period_total" VALUES(1,1024,202602,0,500);
INSERT INTO "period_total" VALUES(1,1024,202603,0,600);
INSERT INTO "period_total" VALUES(1,1036,202602,228,0);
INSERT INTO "period_total" VALUES(1,1036,202603,351,0);
INSERT INTO "period_total" VALUES(1,1006,202602,0,1200);
INSERT INTO "period_total" VALUES(1,1006,202603,0,2000);
INSERT INTO "period_total" VALUES(1,1027,202602,1200,0);
INSERT INTO "period_total" VALUES(1,1027,202603,2000,0);
INSERT INTO "period_total" VALUES(1,1035,202602,350,0);
CREATE TABLE pool (
	company_id BIGINT NOT NULL, 
	pool_id BIGINT NOT NULL, 
	item_id BIGINT NOT NULL, 
	area_id BIGINT NOT NULL, 
	lot VARCHAR(200) NOT NULL, 
	order_line_id BIGINT NOT NULL, 
	first_method VARCHAR(200) NOT NULL, 
	first_rate BIGINT, 
	method VARCHAR(200) NOT NULL, 
	account_id BIGINT NOT NULL, 
	quantity BIGINT NOT NULL, 
	value BIGINT NOT NULL, 
	base_quantity BIGINT NOT NULL, 
	base_value BIGINT NOT NULL, 
	rate BIGINT, 
	known_quantity BIGINT NOT NULL, 
	known_value BIGINT NOT NULL, 
	last_at BIGINT NOT NULL, 
	last_sequence BIGINT NOT NULL, 
	CONSTRAINT pk_pool PRIMARY KEY (company_id, pool_id), 
	CONSTRAINT fk_pool_company_id FOREIGN KEY(company_id) REFERENCES company (company_id), 
	CONSTRAINT uq_pool_company_id_item_id_area_id_lot_order_line_id UNIQUE (company_id, item_id, area_id, lot, order_line_id)
);
INSERT INTO "pool" VALUES(1,1053,1048,0,'PD-00001#1',0,'specific',NULL,'specific',1006,2000000,1200,4000000,2400,NULL,2000000,1200,1771027200000000,9437184);
INSERT INTO "pool" VALUES(1,1055,1049,0,'PD-00001#2',0,'specific',NULL,'specific',1006,0,0,1000000,2000,NULL,1000000,2000,1772323200000000,10485760);
CREATE TABLE pool_account (
	company_id BIGINT NOT NULL, 
	pool_id BIGINT NOT NULL, 
	since INTEGER NOT NULL, 
	document_id BIGINT NOT NULL, 
	account_id BIGINT NOT NULL, 
	CONSTRAINT pk_pool_account PRIMARY KEY (company_id, pool_id, since, document_id), 
	CONSTRAINT fk_pool_account_company_id_document_id FOREIGN KEY(company_id, document_id) REFERENCES document (company_id, document_id), 
	CONSTRAINT fk_pool_account_company_id_pool_id FOREIGN KEY(company_id, pool_id) REFERENCES pool (company_id, pool_id), 
	CONSTRAINT fk_pool_account_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
CREATE TABLE pool_month (
	company_id BIGINT NOT NULL, 
	pool_id BIGINT NOT NULL, 
	location_id BIGINT NOT NULL, 
	period INTEGER NOT NULL, 
	quantity BIGINT NOT NULL, 
	value BIGINT NOT NULL, 
	posted BIGINT NOT NULL, 
	CONSTRAINT pk_pool_month PRIMARY KEY (company_id, pool_id, location_id, period), 
	CONSTRAINT fk_pool_month_company_id_pool_id FOREIGN KEY(company_id, pool_id) REFERENCES pool (company_id, pool_id), 
	CONSTRAINT fk_pool_month_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
INSERT INTO "pool_month" VALUES(1,1053,1000,202601,4000000,2400,2400);
INSERT INTO "pool_month" VALUES(1,1055,1000,202601,1000000,2000,2000);
INSERT INTO "pool_month" VALUES(1,1053,1000,202602,-2000000,-1200,-1200);
INSERT INTO "pool_month" VALUES(1,1055,1000,202603,-1000000,-2000,-2000);
CREATE TABLE posting (
	company_id BIGINT NOT NULL, 
	entry_id BIGINT NOT NULL, 
	position BIGINT NOT NULL, 
	account_id BIGINT NOT NULL, 
	date INTEGER NOT NULL, 
	role VARCHAR(200) NOT NULL, 
	amount BIGINT NOT NULL, 
	currency VARCHAR(200) NOT NULL, 
	currency_amount BIGINT NOT NULL, 
	item_id BIGINT, 
	party_id BIGINT, 
	line_id BIGINT, 
	memo TEXT, 
	CONSTRAINT pk_posting PRIMARY KEY (company_id, entry_id, position), 
	CONSTRAINT fk_posting_company_id_account_id FOREIGN KEY(company_id, account_id) REFERENCES account (company_id, account_id), 
	CONSTRAINT fk_posting_company_id_entry_id FOREIGN KEY(company_id, entry_id) REFERENCES entry (company_id, entry_id), 
	CONSTRAINT fk_posting_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
INSERT INTO "posting" VALUES(1,1043,1,1007,20260105,'expense',10000,'USD',10000,NULL,NULL,1042,'a box of mugs and pots');
INSERT INTO "posting" VALUES(1,1043,2,1001,20260105,'bank',-10000,'USD',-10000,NULL,NULL,NULL,NULL);
INSERT INTO "posting" VALUES(1,1047,1,1035,20260125,'expense',620,'USD',620,NULL,NULL,1046,'labels');
INSERT INTO "posting" VALUES(1,1047,2,1001,20260125,'bank',-620,'USD',-620,NULL,NULL,NULL,NULL);
INSERT INTO "posting" VALUES(1,1057,1,1006,20260105,'inventory',2400,'USD',2400,1048,NULL,1051,NULL);
INSERT INTO "posting" VALUES(1,1057,2,1007,20260105,'inventory_undetailed',-2400,'USD',-2400,1048,NULL,1051,NULL);
INSERT INTO "posting" VALUES(1,1057,3,1006,20260105,'inventory',2000,'USD',2000,1049,NULL,1052,NULL);
INSERT INTO "posting" VALUES(1,1057,4,1007,20260105,'inventory_undetailed',-2000,'USD',-2000,1049,NULL,1052,NULL);
INSERT INTO "posting" VALUES(1,1061,1,1023,20260214,'income',-3000,'USD',-3000,1048,NULL,1060,'Blue mug');
INSERT INTO "posting" VALUES(1,1061,2,1003,20260214,'bank',3000,'USD',3000,NULL,NULL,NULL,NULL);
INSERT INTO "posting" VALUES(1,1065,1,1024,20260214,'shipping_income',-500,'USD',-500,NULL,NULL,1063,NULL);
INSERT INTO "posting" VALUES(1,1065,2,1036,20260214,'channel_fees',228,'USD',228,NULL,NULL,1064,NULL);
INSERT INTO "posting" VALUES(1,1065,3,1003,20260214,'channel_clearing',272,'USD',272,NULL,NULL,NULL,NULL);
INSERT INTO "posting" VALUES(1,1068,1,1023,20260301,'income',-4800,'USD',-4800,1049,NULL,1067,'tea POT');
INSERT INTO "posting" VALUES(1,1068,2,1003,20260301,'bank',4800,'USD',4800,NULL,NULL,NULL,NULL);
INSERT INTO "posting" VALUES(1,1072,1,1024,20260301,'shipping_income',-600,'USD',-600,NULL,NULL,1070,NULL);
INSERT INTO "posting" VALUES(1,1072,2,1036,20260301,'channel_fees',351,'USD',351,NULL,NULL,1071,NULL);
INSERT INTO "posting" VALUES(1,1072,3,1003,20260301,'channel_clearing',249,'USD',249,NULL,NULL,NULL,NULL);
INSERT INTO "posting" VALUES(1,1075,1,1023,20260320,'income',-3000,'USD',-3000,NULL,NULL,1074,'Mystery box');
INSERT INTO "posting" VALUES(1,1075,2,1003,20260320,'bank',3000,'USD',3000,NULL,NULL,NULL,NULL);
INSERT INTO "posting" VALUES(1,1079,1,1006,20260214,'inventory',-1200,'USD',-1200,1048,NULL,1077,NULL);
INSERT INTO "posting" VALUES(1,1079,2,1027,20260214,'cogs',1200,'USD',1200,1048,NULL,1077,NULL);
INSERT INTO "posting" VALUES(1,1083,1,1006,20260301,'inventory',-2000,'USD',-2000,1049,NULL,1081,NULL);
INSERT INTO "posting" VALUES(1,1083,2,1027,20260301,'cogs',2000,'USD',2000,1049,NULL,1081,NULL);
INSERT INTO "posting" VALUES(1,1086,1,1035,20260214,'shipping_cost',350,'USD',350,NULL,NULL,1085,NULL);
INSERT INTO "posting" VALUES(1,1086,2,1003,20260214,'channel_clearing',-350,'USD',-350,NULL,NULL,NULL,'label of CS-00001');
CREATE TABLE projected (
	company_id BIGINT NOT NULL, 
	projection VARCHAR(200) NOT NULL, 
	document_id BIGINT NOT NULL, 
	position BIGINT NOT NULL, 
	day INTEGER NOT NULL, 
	waits SMALLINT NOT NULL, 
	content TEXT NOT NULL, 
	CONSTRAINT pk_projected PRIMARY KEY (company_id, projection, document_id, position), 
	CONSTRAINT fk_projected_company_id_document_id FOREIGN KEY(company_id, document_id) REFERENCES document (company_id, document_id), 
	CONSTRAINT fk_projected_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
INSERT INTO "projected" VALUES(1,'seller_stock_values',1050,1,20260105,0,'[20260105,"PD-00001#1","purchase_details","CP-00001#1",2400]');
INSERT INTO "projected" VALUES(1,'seller_stock_values',1050,2,20260105,0,'[20260105,"PD-00001#2","purchase_details","CP-00001#1",2000]');
INSERT INTO "projected" VALUES(1,'seller_sale_lines',1073,1,20260320,1,'["CS-00003#1",1074,20260320,"fair","79","Mystery box","","Mystery box",null,1000000,3000,0,0,0,null]');
INSERT INTO "projected" VALUES(1,'seller_charges',1062,1,20260214,0,'["fair","77","shipping","MUG",500,20260214]');
INSERT INTO "projected" VALUES(1,'seller_charges',1062,2,20260214,0,'["fair","77","fee","MUG",228,20260214]');
INSERT INTO "projected" VALUES(1,'seller_charges',1069,1,20260301,0,'["fair","78","shipping","tea POT",600,20260301]');
INSERT INTO "projected" VALUES(1,'seller_charges',1069,2,20260301,0,'["fair","78","fee","tea POT",351,20260301]');
INSERT INTO "projected" VALUES(1,'seller_sale_lines',1059,1,20260214,0,'["CS-00001#1",1060,20260214,"fair","77","MUG","MUG","Blue mug",1048,2000000,3000,2000000,0,1200,1048]');
INSERT INTO "projected" VALUES(1,'seller_sale_lines',1066,1,20260301,0,'["CS-00002#1",1067,20260301,"fair","78","tea POT","","tea POT",1049,1000000,4800,1000000,0,2000,1049]');
INSERT INTO "projected" VALUES(1,'seller_stock_values',1076,1,20260214,0,'[20260214,"MAT-00001#1","match","CS-00001#1",-1200]');
INSERT INTO "projected" VALUES(1,'seller_stock_values',1080,1,20260301,0,'[20260301,"MAT-00002#1","match","CS-00002#1",-2000]');
INSERT INTO "projected" VALUES(1,'seller_charges',1084,1,20260214,0,'["fair","77","label","",350,20260214]');
CREATE TABLE series (
	company_id BIGINT NOT NULL, 
	series VARCHAR(200) NOT NULL, 
	prefix VARCHAR(200) NOT NULL, 
	issued BIGINT NOT NULL, 
	CONSTRAINT pk_series PRIMARY KEY (company_id, series), 
	CONSTRAINT fk_series_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
INSERT INTO "series" VALUES(1,'cash_purchase','CP',2);
INSERT INTO "series" VALUES(1,'purchase_details','PD',1);
INSERT INTO "series" VALUES(1,'cash_sale','CS',3);
INSERT INTO "series" VALUES(1,'channel_charge','CHG',3);
INSERT INTO "series" VALUES(1,'match','MAT',2);
CREATE TABLE setting (
	company_id BIGINT NOT NULL, 
	"key" VARCHAR(200) NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_setting PRIMARY KEY (company_id, "key"), 
	CONSTRAINT fk_setting_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
CREATE TABLE source (
	company_id BIGINT NOT NULL, 
	fingerprint VARCHAR(200) NOT NULL, 
	name TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	recorded_at BIGINT NOT NULL, 
	CONSTRAINT pk_source PRIMARY KEY (company_id, fingerprint), 
	CONSTRAINT fk_source_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
INSERT INTO "source" VALUES(1,'0d543b323975e908bf0e719703a614e5936fba1980f1823792bcfe78f665a66e','sales.csv','{"channel":"fair","report":"mapped","rows":3,"facts":7}',1796097717017066);
CREATE TABLE stock (
	company_id BIGINT NOT NULL, 
	item_id BIGINT NOT NULL, 
	location_id BIGINT NOT NULL, 
	on_hand BIGINT NOT NULL, 
	reserved BIGINT NOT NULL, 
	on_order BIGINT NOT NULL, 
	CONSTRAINT pk_stock PRIMARY KEY (company_id, item_id, location_id), 
	CONSTRAINT fk_stock_company_id_item_id FOREIGN KEY(company_id, item_id) REFERENCES item (company_id, item_id), 
	CONSTRAINT fk_stock_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
INSERT INTO "stock" VALUES(1,1048,1000,2000000,0,0);
INSERT INTO "stock" VALUES(1,1049,1000,0,0,0);
CREATE TABLE valuation (
	company_id BIGINT NOT NULL, 
	move_id BIGINT NOT NULL, 
	entry_id BIGINT NOT NULL, 
	counter_id BIGINT NOT NULL, 
	pool_id BIGINT NOT NULL, 
	date INTEGER NOT NULL, 
	value BIGINT NOT NULL, 
	CONSTRAINT pk_valuation PRIMARY KEY (company_id, move_id, entry_id, counter_id), 
	CONSTRAINT fk_valuation_company_id_entry_id FOREIGN KEY(company_id, entry_id) REFERENCES entry (company_id, entry_id), 
	CONSTRAINT fk_valuation_company_id_move_id FOREIGN KEY(company_id, move_id) REFERENCES move (company_id, move_id), 
	CONSTRAINT fk_valuation_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
INSERT INTO "valuation" VALUES(1,1054,1057,1007,1053,20260105,2400);
INSERT INTO "valuation" VALUES(1,1056,1057,1007,1055,20260105,2000);
INSERT INTO "valuation" VALUES(1,1078,1079,1027,1053,20260214,-1200);
INSERT INTO "valuation" VALUES(1,1082,1083,1027,1055,20260301,-2000);
CREATE TABLE value_fact (
	company_id BIGINT NOT NULL, 
	fact_id BIGINT NOT NULL, 
	move_id BIGINT NOT NULL, 
	document_id BIGINT NOT NULL, 
	line_id BIGINT, 
	kind VARCHAR(200) NOT NULL, 
	amount BIGINT NOT NULL, 
	counter_id BIGINT NOT NULL, 
	annulled SMALLINT NOT NULL, 
	CONSTRAINT pk_value_fact PRIMARY KEY (company_id, fact_id), 
	CONSTRAINT fk_value_fact_company_id_document_id FOREIGN KEY(company_id, document_id) REFERENCES document (company_id, document_id), 
	CONSTRAINT fk_value_fact_company_id_move_id FOREIGN KEY(company_id, move_id) REFERENCES move (company_id, move_id), 
	CONSTRAINT fk_value_fact_company_id FOREIGN KEY(company_id) REFERENCES company (company_id)
);
CREATE TABLE wares_version_wares (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT wares_version_wares_pkc PRIMARY KEY (version_num)
);
INSERT INTO "wares_version_wares" VALUES('0001');
CREATE INDEX ix_document_company_id_date ON document (company_id, date);
CREATE INDEX ix_document_parent ON document (company_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX ix_application_company_id_target_id_document_id ON application (company_id, target_id, document_id);
CREATE INDEX ix_component_company_id_item_id ON component (company_id, item_id);
CREATE INDEX ix_entry_company_id_document_id ON entry (company_id, document_id);
CREATE INDEX ix_line_company_id_document_id ON line (company_id, document_id);
CREATE INDEX ix_move_company_id_document_id ON move (company_id, document_id);
CREATE INDEX ix_move_company_id_pool_id_effective_at_sequence ON move (company_id, pool_id, effective_at, sequence);
CREATE INDEX ix_move_of_totals ON move (company_id, pool_id, effective_at, sequence) WHERE intent >= 5;
CREATE INDEX ix_projected_company_id_projection_day_document_id_position ON projected (company_id, projection, day, document_id, position);
CREATE INDEX ix_projected_waits ON projected (company_id, projection, day, document_id, position) WHERE waits = 1;
CREATE INDEX ix_consumption_company_id_layer_id ON consumption (company_id, layer_id);
CREATE INDEX ix_fulfilment_company_id_line_id ON fulfilment (company_id, line_id);
CREATE INDEX ix_layer_company_id_pool_id_exhausted_at_effective_at_sequence ON layer (company_id, pool_id, exhausted_at, effective_at, sequence);
CREATE INDEX ix_open_line_company_id_party_id_item_id ON open_line (company_id, party_id, item_id);
CREATE INDEX ix_posting_company_id_account_id_date ON posting (company_id, account_id, date);
CREATE INDEX ix_valuation_company_id_entry_id ON valuation (company_id, entry_id);
CREATE INDEX ix_value_fact_company_id_document_id ON value_fact (company_id, document_id);
CREATE INDEX ix_value_fact_company_id_move_id ON value_fact (company_id, move_id);
COMMIT;
