"""What is read from Siigo to keep its masters here: the request and the columns of each (notes, 1.4).

Every filter is obligatory, and the ranges here take in everything. assumed: both ends are included, `T` means
every classification, and the widths of the parts that make a code are those of Siigo's own files.
"""

from integrations.erp.registers import CODE, KEY, NAME, RegisterReading

READINGS: dict[str, RegisterReading] = {
    "third_parties": RegisterReading(
        "third_parties",
        {
            # A NIT has one row a branch; the first one is the third party.
            KEY: "identification+branch:3",
            "tax_id": "identification",
            "check_digit": "verification_digit",
            NAME: "name",
            "legal_representative": "legal_name",
            "id_type": "tax_identification_code",
            "address": "address",
            "city": "city",
            "phone": "phone_1",
            "alternate_phone": "phone_2",
        },
        resource="thirds",
        params={
            "third_initial": 1,
            "third_final": 999_999_999_999,
            "classification": "T",
            "date_opening_initial": 19_000_101,
            "date_opening_final": 29_991_231,
        },
        assumed=True,
    ),
    "articles": RegisterReading(
        "articles",
        {
            KEY: "line:3+group:4+product:6",
            "code": "line:3+group:4+product:6",
            NAME: "description",
            "reference": "factory_reference",
            "barcode": "barcode",
            "unit": "unit",
            "vat_percentage": "vat_percentage",
            "price": "price_1",
        },
        resource="inventory_products",
        params={"product_initial": 1, "product_final": 999_999_999_999},
        assumed=True,
    ),
    "accounts": RegisterReading(
        "accounts",
        {
            KEY: "group:2+account:2+sub_account:2+auxiliary:2+sub_auxiliary:2",
            CODE: "group:2+account:2+sub_account:2+auxiliary:2+sub_auxiliary:2",
            NAME: "description",
        },
        resource="accounting_accounts",
        params={"account_initial": 1, "account_final": 9_999_999_999},
        keeps_every_column=True,
        assumed=True,
    ),
}
