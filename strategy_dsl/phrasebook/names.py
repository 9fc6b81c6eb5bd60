"""Coins, weekdays, time zones, and the words that carry no meaning of their own."""


def word_set(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


COINS: dict[str, str] = {
    "BTC": "btc | bitcoin | bitcoins | xbt",
    "ETH": "eth | ethereum | ether",
    "SOL": "sol | solana",
    "XRP": "xrp | ripple",
    "BNB": "bnb | binance coin",
    "ADA": "ada | cardano",
    "DOGE": "doge | dogecoin",
    "LTC": "ltc | litecoin",
    "DOT": "polkadot",
    "LINK": "chainlink",
    "AVAX": "avax | avalanche",
    "POL": "matic | polygon",
    "TRX": "trx | tron",
    "SHIB": "shib | shiba | shiba inu",
    "PEPE": "pepe",
    "UNI": "uniswap",
    "ATOM": "cosmos",
    "XLM": "xlm | stellar",
    "BCH": "bch | bitcoin cash",
    "EOS": "eos",
    "NEO": "neo",
    "IOTA": "iota | iot",
    "ETC": "ethereum classic",
    "FIL": "filecoin",
    "APT": "aptos",
    "ARB": "arbitrum",
    "SUI": "sui",
    "XMR": "xmr | monero",
    "AAVE": "aave",
    "HBAR": "hbar | hedera",
    "ALGO": "algo | algorand",
    "BONK": "bonk",
    "WIF": "wif",
    "INJ": "inj | injective",
    "ICP": "icp",
    "FTM": "ftm | fantom",
    "ZEC": "zec | zcash",
    "XTZ": "xtz | tezos",
    "TIA": "tia | celestia",
    "LUNA": "luna",
}
CAPITAL_COINS = word_set(
    "DOT LINK NEAR OP TON APT UNI ATOM ETC ARB FIL DASH SAND MANA APE GRT SNX CRV LDO ENS AXS GALA CAKE VET FLOW"
    " STX IMX WLD FET ENA ONDO MKR SEI RUNE CRO KAS"
)
ARTICLES = word_set("the a an their its this that my your our of")

# Words that carry no meaning of their own between clauses. None that turns, limits or orders a thing.
FILLERS = word_set(
    "the a an please i im id want wanna to you we me my mine would like can could some bot it its is are let lets so"
    " hey hi ok okay that this for of be will should also our your here want use try make create build set setup"
    " strategy strategies rule rules idea system trade trading do does did have has had get need gonna going as"
    " position positions order coin coins chart ill us say now market at with and in by scalp swing thing bounce dip"
    " dips momentum classic basically simple simply sort kind thanks thank hello dear happy just look looking well"
    " using then when but on run where signal trades entry reversion mean pullback pullbacks play plan long-only"
    " spot crypto too go currently work works think cheap pls plz pair pairs symbol into"
)
WEEKDAYS = {
    "monday": "monday | mondays | mon",
    "tuesday": "tuesday | tuesdays | tue | tues",
    "wednesday": "wednesday | wednesdays | wed",
    "thursday": "thursday | thursdays | thu | thurs",
    "friday": "friday | fridays | fri",
    "saturday": "saturday | saturdays | sat",
    "sunday": "sunday | sundays | sun",
}
ZONES = {
    "UTC": "utc | gmt",
    "America/New_York": "new york time | new york | ny time | ny | est | edt | et | eastern | eastern time",
    "Europe/London": "london time | london | uk time | bst",
    "Europe/Berlin": "berlin time | berlin | cet | cest | german time | frankfurt time | frankfurt",
    "Asia/Tokyo": "tokyo time | tokyo | jst",
    "America/Chicago": "chicago time | chicago | ct | cst | central time",
    "America/Los_Angeles": "pacific time | pst | pdt | los angeles time",
    "Asia/Singapore": "singapore time | singapore",
    "Asia/Hong_Kong": "hong kong time | hong kong",
    "Asia/Kolkata": "ist | india time | indian time",
    "Australia/Sydney": "sydney time | sydney",
}
