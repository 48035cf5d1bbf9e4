"""The gateway family's own routes (One API, New API): what its dashboards and balance checkers call.

Sources, domain reference 9.2: songquanpeng/one-api @8df4a26 and QuantumNous/new-api. Money is quota here, 500 000 for one
unit of the account's currency; a user is a person of an account, and the user's id is the uin as a number.
"""
