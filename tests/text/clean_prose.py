"""Paragraphs as newsrooms print them, with words that look like faults and are none."""

#: (language, paragraph). Nothing in here may keep the gate shut.
CLEAN = (
    ("en", "Atkins, who bought her coat at TK Maxx, flew home on TK 1980 and paid 500 TK for tea."),
    ("en", "“TK” is what reporters type for a fact to come; Prof TK Oommen never had to."),
    ("en", "Thyssenkrupp (TK) sold its lifts in 2020. A year later TK Elevator had a new owner, "
           "and TK said little."),
    ("en", "Super Bowl XXX was played in Tempe, the Games of the XXX Olympiad in London, and the "
           "beer in Brisbane was Castlemaine XXXX."),
    ("en", "The firm she resigned from and later sued is the one he retired from to grow apples."),
    ("en", "Ties between and within states have frayed; some million people crossed, and another "
           "million may follow."),
    ("en", "That is the price of years of neglect, the cost of million-pound repairs and the value "
           "of people who stay."),
    ("en", "The town she was born in and left at eighteen, she said, was not the town she came "
           "back to . . . it had a tram."),
    ("en", "Harold Wilson spoke of the £ in your pocket; traders speak of the $ and the €."),
    ("en", "“We use cookies,” says every page on the web; the court read the sentence aloud."),
    ("en", "Share this with care, the coroner asked, and the families did; nobody filmed."),
    ("en", "Read more slowly, the teacher says, and the class of 2026 does, at 90 words a minute."),
    ("en", "The function print() returns nothing, the manual says, and neither did the hearing."),
    ("en", "Advertisement spending fell by 3 percent, the agency said; all rights reserved for the "
           "film were sold on."),
    ("en", "From Monday to Friday the bridge stays shut. From dawn until dusk a ferry runs, from "
           "$2 to $5 a head."),
    ("en", "Related news came from Oslo, where the most read story of the day was about a moose."),
    ("en", "He put 1,000 shares on the table, drew two comments and, at 9 a.m., left by the door "
           "he had come in by."),
    ("en", "The lorem was missing from the ipsum, as compositors joke; the page stayed white."),
    ("en", "Subscribe to the theory or not, the numbers stand: 12 views for, 3 against."),
    ("en", "The .com boom made the .22 rifle of start-ups: small, quick and hard to see."),
    ("en", "Between and beyond the lines, the shortlist reads like a map of the coast."),
    ("en", "To distinguish between and therefore to choose, she wrote a (-) beside every street."),
    ("de", "Temperaturen von bis zu 38 Grad, Schäden, die sich auf Millionen belaufen, und "
           "Millionen Menschen ohne Strom."),
    ("de", "Die TK, die größte Krankenkasse, erhöht den Beitrag um 0,2 Prozent; TK-Chef Baas nennt "
           "es „unvermeidlich“."),
    ("de", "Zwischen und hinter den Häusern wächst Farn; von Euro in Kronen wechselt niemand."),
    ("de", "Der Artikel XXX der Satzung wurde gestrichen; mit Milliarden rechnet die Stadt nicht."),
    ("fr", "Le maire est pour ; l’opposition, elle, est contre. Des centaines de millions d’euros "
           "sont en jeu, soit plus de 4 % du budget."),
    ("fr", "Du pont à la gare, il faut dix minutes ; entre et autour des halles, vingt."),
    ("fr", "Partager le pain, c’est l’idée : « lire aussi les silences », dit-elle."),
    ("es", "El plan cuesta miles de millones de euros y cientos de millones más en obras; todo, "
           "por ahora, sobre el papel."),
    ("es", "TODO EL PUEBLO salió a la calle; ver más allá del río era difícil."),
    ("it", "Decine di milioni di euro, dice il sindaco, e centinaia di miliardi per lo Stato. "
           "Questo sito utilizza ancora il forno romano."),
    ("pt", "São centenas de milhões de reais e, entre uma e outra obra, dezenas de escolas."),
    ("nl", "Van Utrecht tot Zwolle reed geen trein; tussen en onder de rails lag water."),
    ("pl", "W Gdańsku i w Gdyni, od rana do wieczora, trwały rozmowy o płacach i urlopach."),
    ("cs", "V Praze a v Brně se jednalo od rána do večera, s přestávkou a bez výsledku."),
    ("sv", "Mellan och bakom husen växer hallon; i Umeå, på torget, såldes de från klockan sju."),
    ("ru", "С утра до вечера, по данным мэрии, на площади было около 3 млн человек; реклама, "
           "впрочем, молчала."),
    ("uk", "З ранку до вечора тривали переговори, і в місті, і за його межами."),
    ("tr", "TK numarası sorulan yolcular, TK 1923 sefer sayılı uçakla Ankara’ya ve İzmir’e uçtu."),
    ("el", "Από το πρωί έως το βράδυ, στην πλατεία και στο λιμάνι, μιλούσαν για τους μισθούς."),
    ("ar", "من الصباح إلى المساء، وفي كل حي من أحياء المدينة، تحدث الناس عن الماء والخبز."),
    ("he", "מהבוקר עד הערב, בכיכר ובנמל, דיברו התושבים על המים ועל הלחם."),
    ("hi", "सुबह से शाम तक शहर में पानी और रोटी की बात होती रही, और लोग हँसते रहे।"),
    ("zh", "现在，他们在等结果。由于，或者说甚至由于天气，船没有来；漫长的年月里，灯塔一直存在。"),
    ("ja", "長い年月をかけて、生年月日の順に名簿が作られた。月日が流れ、記録だけが残った。"),
    ("ko", "아침부터 저녁까지 광장에서, 그리고 항구에서 사람들은 물과 빵 이야기를 했다."),
)  # fmt: skip
