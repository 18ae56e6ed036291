"""Words around names, days and counts: bylines, date labels, views, roles, sections."""

#: Before a name, then a space: "By Jane Doe". Only in the head or the tail of a story.
BY = (
    "by | written by | words by | story by | reported by | report by | posted by | published by | "
    "article by | text by | compiled by | submitted by | reviewed by | edited by | reporting by | "
    "von | ein kommentar von | ein gastbeitrag von | eine analyse von | text von | par | écrit par | "
    "publié par | rédigé par | propos recueillis par | por | escrito por | publicado por | "
    "redactado por | di | scritto da | a cura di | pubblicato da | door | geschreven door | "
    "av | skriven av | skrevet av | tekst av | af | skrevet af | przez | napisał | napisała | "
    "από | από τον | από την | του | της | γράφει ο | γράφει η | oleh | írta | de | bởi | "
    "بقلم | كتب | كتبت | كتبه | إعداد | تحرير | بواسطة | به قلم | نوشته | מאת | लेखक | द्वारा"
)
#: Before a name, with a colon, bar or slash between: "Author: Jane Doe".
BY_LABELS = (
    "author | authors | by | byline | writer | written by | text | words | story | reporter | "
    "reporters | correspondent | contributor | posted by | published by | created by | "
    "autor | autorin | autoren | text | von | redakteur | redakteurin | auteur | auteurs | auteure | "
    "par | texte | rédaction | autor | autora | autores | por | texto | redacción | escrito por | "
    "autore | autrice | di | testo | door | tekst | skribent | text | forfatter | journalist | av | "
    "kirjoittaja | teksti | autor | autorka | tekst | napisał | text | szerző | írta | autor | "
    "автор | авторы | автори | текст | текст подготовил | текст подготовила | подготовил | "
    "подготовила | материал подготовил | материал подготовила | журналист | корреспондент | "
    "yazan | yazar | haber | muhabir | συντάκτης | συντάκτρια | κείμενο | γράφει | επιμέλεια | penulis | oleh | "
    "tác giả | بقلم | الكاتب | كاتب | كتب | كتبت | كتبه | إعداد | المحرر | تحرير | نویسنده | "
    "כותב | כותבת | כתב | כתבת | מאת | כתבו | מחבר | מחברת | הכותב | הכותבת | लेखक | लेखिका | रिपोर्टर | संवाददाता | "
    "作者 | 文 | 撰文 | 撰稿 | 记者 | 記者 | 采写 | 採訪 | 报道 | 编译 | 本报记者 | 著者 | 筆者 | 執筆 | 執筆者 | ライター | "
    "取材 文 | 文責 | 기자 | 글 | 글쓴이 | 작성자 | 저자"
)
#: Behind a name, no space needed: "홍길동 기자", "张三 报道".
BY_SUFFIXES = ("기자", "특파원", "记者", "記者", "報道", "报道")

PUBLISHED = (
    "published | published on | published at | published date | publication date | date published | posted | posted on | posted at | "
    "date | issued | released | first published | first published on | created | created on | "
    "uploaded | added | on | originally published | originally published on | release date | "
    "veröffentlicht | veröffentlicht am | erschienen am | erschienen | datum | stand vom | erstellt am | "
    "erstveröffentlicht | publiziert | vom | am | publié | publié le | publiée le | mis en ligne le | date de publication | "
    "le | posté le | paru le | publicado | publicado el | publicada el | fecha | fecha de publicación | el | "
    "publicado em | publicada em | data | data de publicação | postado em | em | pubblicato | pubblicato il | data di pubblicazione | "
    "il | gepubliceerd | gepubliceerd op | geplaatst op | geplaatst | op | publicerad | publicerat | publicerad den | udgivet | "
    "publisert | offentliggjort | lagt ut | julkaistu | opublikowano | data publikacji | dodano | "
    "opublikowany | publikováno | vydáno | publikované | zveřejněno | megjelent | közzétéve | publicat | publicat la | data publicării | "
    "опубликовано | дата публикации | дата | размещено | опубликована | добавлено | опубліковано | дата публікації | "
    "публикувано | објављено | yayınlanma | yayın tarihi | yayınlanma tarihi | tarih | yayınlandı | giriş tarihi | eklenme tarihi | "
    "δημοσιεύτηκε | δημοσιεύθηκε | δημοσίευση | ημερομηνία | diterbitkan | tanggal | "
    "نشر | نشر في | نشرت في | تاريخ النشر | نُشر | نُشر في | تم النشر | التاريخ | تاریخ انتشار | "
    "פורסם | פורסם ב | פורסמה | תאריך | תאריך פרסום | פורסם בתאריך | प्रकाशित | प्रकाशन तिथि | तारीख | दिनांक | "
    "发布 | 发布时间 | 发布于 | 发表于 | 发表时间 | 發布 | 發布時間 | 發表於 | 日期 | 时间 | 時間 | 刊登日期 | "
    "公開 | 公開日 | 公開日時 | 掲載日 | 配信 | 投稿日 | 掲載 | 発表日 | 입력 | 등록 | 등록일 | 작성일 | 게시일 | 기사입력 | 기사등록 | 승인 | 날짜"
)
UPDATED = (
    "updated | updated on | updated at | last updated | last updated on | last updated at | last update | "
    "last modified | last modified on | modified | modified on | modified date | date modified | revised | revised on | edited on | "
    "aktualisiert | aktualisiert am | zuletzt aktualisiert | zuletzt aktualisiert am | zuletzt geändert | letzte aktualisierung | "
    "stand | geändert am | update vom | mis à jour | mis à jour le | mise à jour | mise à jour le | modifié le | "
    "dernière mise à jour | dernière mise à jour le | actualisé le | actualizado | actualizado el | actualizada el | "
    "última actualización | modificado el | atualizado | atualizado em | atualizada em | última atualização | última atualização em | "
    "aggiornato | aggiornato il | ultimo aggiornamento | modificato il | bijgewerkt | bijgewerkt op | laatst bijgewerkt | "
    "laatst bijgewerkt op | gewijzigd op | laatste update | uppdaterad | uppdaterat | senast uppdaterad | opdateret | sist oppdatert | oppdatert | "
    "päivitetty | aktualizacja | zaktualizowano | ostatnia aktualizacja | aktualizováno | poslední aktualizace | "
    "aktualizované | frissítve | módosítva | actualizat | actualizat la | ultima actualizare | "
    "обновлено | обновлена | изменено | последнее обновление | дата обновления | оновлено | змінено | обновена | ажурирано | "
    "güncelleme | güncellendi | güncellenme tarihi | son güncelleme | güncelleme tarihi | ενημερώθηκε | τελευταία ενημέρωση | diperbarui | "
    "تحديث | آخر تحديث | تم التحديث | حُدث في | بروزرسانی | עודכן | עודכן ב | עדכון אחרון | עדכון | תאריך עדכון | "
    "अपडेट | अपडेटेड | अंतिम अपडेट | अद्यतन | 更新 | 更新时间 | 更新于 | 更新於 | 最后更新 | 最後更新 | 更新時間 | 修改时间 | "
    "更新日 | 更新日時 | 最終更新 | 最終更新日 | 수정 | 수정일 | 최종수정 | 최종 수정 | 업데이트"
)
VIEWS = (
    "views | view | reads | read count | page views | pageviews | hits | visits | times read | times viewed | "
    "people read this | readers | total views | post views | article views | view count | "
    "aufrufe | aufruf | ansichten | gelesen | mal gelesen | leser | klicks | zugriffe | besucher | vues | vue | lectures | "
    "lecture | consultations | fois lu | visites | visualizaciones | visualización | vistas | lecturas | visitas | "
    "leídas | veces leído | visto | visualizações | visualização | visualizações | leituras | acessos | "
    "visualizzazioni | letture | visite | letto volte | weergaven | keer bekeken | keer gelezen | gelezen | bekeken | "
    "visningar | läsningar | visninger | lesninger | lukukertaa | katselua | katselukerrat | wyświetleń | "
    "wyświetlenia | wyświetlenie | odsłon | odsłony | odczytów | zobrazení | přečtení | zhlédnutí | zobrazení | "
    "megtekintés | olvasás | vizualizări | afișări | citiri | просмотров | просмотра | просмотр | просмотры | "
    "прочтений | прочтения | прочитали | прочтение | показов | переглядів | перегляди | перегляд | перегляда | прегледа | преглеждания | "
    "прегледи | görüntülenme | görüntüleme | okunma | kez okundu | okundu | προβολές | αναγνώσεις | "
    "εμφανίσεις | dilihat | tayangan | dibaca | kali dibaca | lượt xem | مشاهدة | مشاهدات | عدد المشاهدات | المشاهدات | "
    "قراءة | قراءات | زيارة | بازدید | بازدیدها | مشاهده | צפיות | צפייה | קריאות | כניסות | נצפה | מספר צפיות | बार देखा गया | बार पढ़ा गया | "
    "व्यूज | व्यूज़ | दृश्य | पाठक | 阅读 | 閱讀 | 阅读量 | 阅读数 | 閱讀數 | 浏览 | 瀏覽 | 浏览量 | 浏览次数 | 浏览数 | 瀏覽數 | 点击 | "
    "点击量 | 点击数 | 次阅读 | 次浏览 | 次播放 | 人阅读 | 人氣 | 人气 | 次閱讀 | 次瀏覽 | 回閲覧 | 閲覧 | 閲覧数 | 閲覧回数 | 回視聴 | ビュー | アクセス | "
    "アクセス数 | 조회 | 조회수 | 회 조회 | ครั้ง"
)
READING_TIME = (
    "min read | mins read | minute read | minutes read | min | mins | minutes | minute | minutes to read | min to read | reading time | "
    "read time | estimated reading time | estimated read time | time to read | min lesezeit | minuten lesezeit | lesezeit | "
    "min lesen | minuten | min de lecture | minutes de lecture | mn de lecture | temps de lecture | lecture min | "
    "min de lectura | minutos de lectura | tiempo de lectura | minutos | min de leitura | minutos de leitura | "
    "tempo de leitura | min di lettura | minuti di lettura | tempo di lettura | minuti | min leestijd | "
    "minuten leestijd | leestijd | minuten lezen | min läsning | lästid | læsetid | lesetid | min lukuaika | lukuaika | "
    "min czytania | czas czytania | minut czytania | min čtení | doba čtení | minut čtení | perc olvasás | "
    "мин чтения | минут чтения | минуты чтения | минута чтения | время чтения | время на чтение | мин | минут | минуты | на чтение | хв читання | "
    "хвилин читання | час читання | dk okuma | dakika okuma | dk okuma süresi | dakikalık okuma | okuma süresi | λεπτά ανάγνωσης | "
    "χρόνος ανάγνωσης | دقائق قراءة | دقيقة قراءة | وقت القراءة | دقائق للقراءة | דקות קריאה | זמן קריאה | דק קריאה | "
    "मिनट पढ़ें | मिनट में पढ़ें | पढ़ने का समय | 分钟阅读 | 分鐘閱讀 | 阅读时间 | 阅读需 | 閱讀時間 | 分钟 | 分で読めます | 分で読める | 読了時間 | 分読む | "
    "분 읽기 | 분 소요 | 읽는 시간"
)
TAGS = (
    "tags | tag | tagged | tagged with | tagged in | tagged as | filed under | topics | topic | related topics | more on | categories | category | keywords | hashtags | "
    "labels | posted in | in this story | schlagworte | schlagwörter | stichworte | stichwörter | themen | kategorien | "
    "kategorie | mots clés | mots clefs | étiquettes | thèmes | thématiques | sujets | catégories | catégorie | etiquetas | "
    "temas | palabras clave | categorías | categoría | tópicos | palavras chave | assuntos | marcadores | categorias | "
    "argomenti | parole chiave | tag articolo | etichette | trefwoorden | onderwerpen | ämnen | nyckelord | emner | "
    "nøkkelord | avainsanat | aiheet | asiasanat | tagi | tematy | słowa kluczowe | kategorie | štítky | témata | klíčová slova | "
    "címkék | kulcsszavak | etichete | теги | тэги | метки | ключевые слова | темы | рубрики | рубрика | сюжеты | ключові слова | "
    "теми | мітки | етикети | ознаке | etiketler | konular | anahtar kelimeler | ετικέτες | θέματα | λέξεις κλειδιά | "
    "كلمات مفتاحية | الكلمات المفتاحية | وسوم | الوسوم | كلمات دلالية | الكلمات الدلالية | مواضيع | برچسب ها | برچسبها | "
    "תגיות | תגים | נושאים | מילות מפתח | टैग | टैग्स | विषय | कीवर्ड | 标签 | 標籤 | 关键词 | 關鍵詞 | 关键字 | 關鍵字 | 话题 | "
    "タグ | キーワード | カテゴリ | カテゴリー | トピック | ジャンル | 태그 | 키워드 | 분류 | từ khóa | chủ đề"
)
SECTION_LABELS = (
    "section | category | filed under | posted in | desk | department | ressort | rubrik | kategorie | rubrique | catégorie | "
    "sección | categoría | seção | editoria | categoria | sezione | rubriek | categorie | dział | kategoria | rubrika | рубрика | раздел | "
    "категория | розділ | рубрика | bölüm | kategori | κατηγορία | القسم | قسم | תחום | מדור | קטגוריה | श्रेणी | 栏目 | 欄目 | 分类 | 分類 | 频道 | カテゴリ | カテゴリー | 섹션 | 분야"
)
TITLE_LABELS = (
    "title | headline | heading | titel | überschrift | schlagzeile | titre | título | titular | titolo | "
    "kop | rubrik | overskrift | otsikko | tytuł | titulek | nadpis | cím | titlu | заголовок | название | назва | "
    "başlık | τίτλος | judul | العنوان | عنوان | כותרת | शीर्षक | 标题 | 標題 | タイトル | 見出し | 題名 | 제목"
)
STANDFIRST_LABELS = (
    "summary | standfirst | subheading | subhead | sub heading | subtitle | dek | deck | lede | abstract | teaser | excerpt | strapline | synopsis | tl dr | tldr | "
    "zusammenfassung | unterzeile | untertitel | vorspann | kurzfassung | chapô | chapeau | sous titre | résumé | "
    "entradilla | bajada | resumen | subtítulo | linha fina | resumo | occhiello | sottotitolo | sommario | riassunto | catenaccio | "
    "samenvatting | ondertitel | inleiding | ingress | sammanfattning | underrubrik | resumé | ingressi | tiivistelmä | lead | streszczenie | "
    "podtytuł | perex | souhrn | shrnutí | összefoglaló | alcím | rezumat | подзаголовок | краткое содержание | аннотация | кратко | лид | резюме | "
    "підзаголовок | анотація | стислий зміст | özet | spot | alt başlık | περίληψη | υπότιτλος | ringkasan | ملخص | الملخص | العنوان الفرعي | خلاصه | תקציר | כותרת משנה | סיכום | "
    "सारांश | उपशीर्षक | 摘要 | 导语 | 導語 | 副标题 | 副標題 | 内容提要 | 概要 | リード | 要約 | サブタイトル | 요약 | 부제"
)
CAPTION_LABELS = (
    "photo | photos | photo by | photo credit | photo credits | photography | photography by | photograph | photograph by | photos by | picture | picture by | picture credit | pictures | image | images | image by | image credit | "
    "image credits | image source | image caption | image courtesy | images by | caption | media caption | file photo | file | credit | credits | credit line | courtesy | cover photo | cover image | featured image | feature image | header image | main image | main photo | "
    "illustration | illustration by | illustrations | graphic | graphic by | chart | video | video by | video credit | watch video | photo courtesy | photo illustration | hero image | screenshot | alt text | figure # | fig # | "
    "foto | fotos | foto von | bild | bilder | bildquelle | bildnachweis | bildrechte | bildunterschrift | archivbild | archivfoto | symbolbild | titelbild | quelle | grafik | "
    "crédit | crédits | crédit photo | crédits photo | photographie | légende | image d illustration | photo d archives | illustration | infographie | source photo | "
    "foto de | imagen | imágenes | fotografía | crédito | créditos | pie de foto | imagen de archivo | foto de archivo | cortesía | imagem | imagens | legenda | crédito da foto | foto reprodução | reprodução | divulgação | "
    "immagine | fotografia | didascalia | crediti | credit foto | beeld | fotograaf | afbeelding | bijschrift | bildtext | fotograf | arkivfoto | arkivbild | billede | bilde | kuva | kuvateksti | kuvituskuva | "
    "zdjęcie | zdjęcia | fot | źródło zdjęcia | autor zdjęcia | podpis | ilustracja | ilustrační foto | zdroj | popisek | autor fotografie | kép | fotó | képaláírás | forrás | imagine | sursa foto | sursă foto | "
    "фото | фотография | фотографии | изображение | иллюстрация | подпись | подпись к фото | источник фото | архивное фото | фото автора | снимок | инфографика | зображення | ілюстрація | світлина | підпис | снимка | "
    "fotoğraf | fotoğraflar | görsel | resim | kaynak | φωτογραφία | φωτογραφίες | φωτο | εικόνα | λεζάντα | gambar | keterangan foto | ảnh | "
    "صورة | الصورة | تصوير | صور | تعليق على الصورة | عکس | تصویر | צילום | צילומים | תמונה | תמונות | קרדיט | קרדיט צילום | צילום מסך | כיתוב | फोटो | चित्र | तस्वीर | फ़ोटो | फोटो क्रेडिट | "
    "图 | 图片 | 圖片 | 圖 | 图片来源 | 圖片來源 | 图源 | 摄影 | 攝影 | 配图 | 图片说明 | 图注 | 资料图 | 写真 | 画像 | 撮影 | 写真提供 | 画像提供 | キャプション | イラスト | 図 | 사진 | 이미지 | 사진 제공 | 사진제공 | 그림 | 사진 출처 | 사진설명"
)
AGENCIES = (
    "reuters | afp | ap | associated press | getty images | getty | bloomberg | dpa | epa | ansa | efe | xinhua | tass | ria novosti | "
    "interfax | kyodo | yonhap | pti | ani | aap | pa | pa media | press association | shutterstock | istock | unsplash | wikimedia commons | flickr | alamy | "
    "imago | picture alliance | belga | anp | ritzau | ntb | tt | pap | čtk | mti | agerpres | anadolu | anadolu agency | wam | spa | sana | irna | fars | ukrinform | unian | zuma | sipa | abaca | keystone | apa | "
    "europa press | agência brasil | lusa | folhapress | рейтер | рейтерс | тасс | риа новости | ап | афп | уніан | укрінформ | 新华社 | 新華社 | 中新社 | 共同通信 | 時事通信 | 时事 | 路透社 | 路透 | 法新社 | 美联社 | 聯合報 | 연합뉴스 | 뉴시스 | 뉴스1 | ロイター | رويترز | أ ف ب | فرانس برس | وكالات | רויטרס | איי פי | פלאש 90 | פיטיאי | खबर एजेंसी"
)
ROLES = (
    "staff writer | staff reporter | staff | senior writer | senior reporter | senior correspondent | correspondent | special correspondent | foreign correspondent | political correspondent | "
    "reporter | editor | senior editor | managing editor | deputy editor | news editor | political editor | economics editor | business editor | world editor | science editor | health editor | sports editor | editor in chief | associate editor | contributing editor | contributing writer | contributor | guest contributor | columnist | "
    "freelance writer | freelance journalist | freelancer | journalist | author | writer | blogger | analyst | fellow | professor | researcher | bureau chief | chief correspondent | diplomatic correspondent | defence correspondent | economics correspondent | business reporter | technology reporter | science writer | opinion contributor | news desk | web desk | "
    "redakteur | redakteurin | korrespondent | korrespondentin | reporterin | autor | autorin | journalistin | journaliste | correspondant | correspondante | rédacteur | rédactrice | envoyé spécial | envoyée spéciale | periodista | corresponsal | redactor | redactora | enviado especial | enviada especial | "
    "jornalista | repórter | correspondente | giornalista | corrispondente | inviato | inviata | redacteur | verslaggever | correspondent | журналист | корреспондент | редактор | обозреватель | специальный корреспондент | собкор | кореспондент | gazeteci | muhabir | yazar | δημοσιογράφος | ανταποκριτής | صحفي | مراسل | كاتب | محرر | כתב | כתבת | עיתונאי | עיתונאית | עורך | עורכת | פרשן | संवाददाता | पत्रकार | 记者 | 記者 | 编辑 | 特派员 | 기자 | 특파원"
)
#: Words a menu, a breadcrumb or a label calls a desk by.
SECTIONS = (
    "world | politics | business | economy | markets | money | finance | culture | arts | technology | tech | science | health | sport | sports | environment | climate | education | opinion | travel | lifestyle | entertainment | food | style | "
    "international | national | local | europe | asia | africa | middle east | americas | us news | uk news | world news | energy | law | media | society | weather | property | books | film | music | defence | security | "
    "politik | wirtschaft | kultur | wissenschaft | wissen | gesundheit | ausland | inland | panorama | meinung | reise | technik | digital | gesellschaft | umwelt | klima | lokales | "
    "politique | économie | monde | société | culture | sciences | santé | planète | idées | international | environnement | política | economía | mundo | internacional | cultura | deportes | sociedad | salud | ciencia | tecnología | opinión | economia | esportes | saúde | ciência | tecnologia | meio ambiente | mondo | esteri | cronaca | scienza | salute | ambiente | "
    "politiek | economie | buitenland | binnenland | cultuur | wetenschap | polityka | gospodarka | świat | nauka | zdrowie | kraj | политика | экономика | общество | мир | в мире | спорт | культура | наука | технологии | здоровье | происшествия | політика | економіка | суспільство | світ | siyaset | ekonomi | dünya | spor | kültür | sağlık | bilim | πολιτική | οικονομία | κόσμος | κοινωνία | "
    "سياسة | اقتصاد | العالم | رياضة | ثقافة | صحة | علوم | تكنولوجيا | פוליטיקה | כלכלה | בעולם | ספורט | תרבות | בריאות | מדע | טכנולוגיה | סביבה | राजनीति | व्यापार | दुनिया | खेल | मनोरंजन | स्वास्थ्य | 国际 | 政治 | 经济 | 财经 | 体育 | 科技 | 文化 | 娱乐 | 社会 | 健康 | 國際 | 經濟 | 国際 | 経済 | スポーツ | 科学 | 정치 | 경제 | 사회 | 국제 | 문화 | 스포츠 | 과학"
)
#: Headings that open a part of a text and never name a story.
GENERIC_HEADINGS = (
    "introduction | overview | background | summary | conclusion | conclusions | key takeaways | key points | highlights | what happened | context | foreword | preface | abstract | at a glance | main points | in brief | in short | the basics | "
    "einleitung | einführung | überblick | hintergrund | fazit | zusammenfassung | das wichtigste in kürze | auf einen blick | introduction | contexte | résumé | en bref | l essentiel | conclusion | introducción | contexto | resumen | antecedentes | conclusión | claves | introdução | resumo | conclusão | introduzione | contesto | conclusione | sommario | inleiding | achtergrond | conclusie | samenvatting | "
    "wstęp | wprowadzenie | tło | podsumowanie | введение | вступление | предыстория | контекст | заключение | вывод | выводы | главное | вступ | висновок | висновки | giriş | sonuç | özet | arka plan | εισαγωγή | συμπέρασμα | مقدمة | خلفية | خاتمة | الخلاصة | מבוא | הקדמה | רקע | סיכום | परिचय | निष्कर्ष | भूमिका | 引言 | 前言 | 导言 | 背景 | 结论 | 结语 | 摘要 | 概述 | はじめに | 背景 | 概要 | まとめ | おわりに | 結論 | 서론 | 배경 | 결론 | 개요"
)
