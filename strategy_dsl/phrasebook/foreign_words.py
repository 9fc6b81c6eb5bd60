"""Words that no English trader uses: two of them, or one greeting, say that a text is in another language."""

from strategy_dsl.phrasebook.names import word_set

FOREIGN = word_set(
    "puedes cambiar cuando compra comprar vende vender por favor qué que como cómo está hola gracias kaufe kaufen"
    " verkaufe verkaufen wenn und der das ist nicht bitte mein meine wie warum ich achète acheter vends vendre"
    " quand le les est une des pourquoi comment bonjour merci compre venda quando obrigado perché quanto comprare"
    " vendere ciao grazie koop verkoop wanneer waarom hoe danke hallo sube baja precio preis fällt steigt unter"
    " über prix baisse monte сколько купи почему если когда продай привет estas esta este muy bien cuánto cuanto"
    " mis hoy ayer dinero quiero para una uno cierra posición posiciones ganado perdido hacer hace puede es"
    " buenos buenas dias días noches wieviel habe hast mir mich geht macht machen verdient heute gestern geld"
    " alle alles schließe kannst welche wann auf mit für ein eine einen aus keine stoppe verlust gewinn guten"
    " morgen abend il nous vous mon combien gagné perdu aujourd hui hier argent pour avec dans ferme veux peux"
    " fais bonsoir salut mio mia oggi ieri soldi guadagnato perso chiudi voglio posso buongiorno eu meu minha"
    " ganhei perdi hoje ontem dinheiro você fechar bom dia boa noite ik mijn hoeveel vandaag verdiend sluit"
    " alsjeblieft goedemorgen fast el la las los"
)
GREETING_ABROAD = word_set(
    "bonjour bonsoir salut hola gracias hallo danke guten ciao grazie buongiorno buenos buenas obrigado olá merci"
    " servus goedemorgen privet namaste konnichiwa"
)
"""One of them is enough to tell that the text is not English."""
