"""Short forms and other spellings of given names, by the name that they stand for. Our own list: facts of everyday use.

Spellings that share their consonants (Mohammed, Muhammad) need no line here: `names.skeleton` brings them together.
"""

from collections import defaultdict

_ENGLISH = """
abigail: abby abbie abi gail; adelaide: addie ada; agnes: aggie nessa; albert: bert bertie al; alexander: alex al alec
sandy sasha xander lex alek aleks; alexandra: alex sandra sandy sasha lexi lexie ally aleks; alfred: alf alfie fred
freddie; alison: ali ally allie; amanda: mandy manda; amelia: amy millie milly mia; andrea: andi drea; andrew: andy
drew dru; angela: angie ange; ann: annie nan nancy anne anna ana; anthony: tony ant toni antony; antonia: toni tonia;
archibald: archie; arthur: art artie; barbara: barb babs barbie; barnaby: barney; bartholomew: bart; beatrice: bea bee
trixie beatrix; belinda: bel linda; benedict: ben ned; benjamin: ben benny benji benjy; bernadette: bernie detta;
bernard: bernie; beverley: bev; bridget: bridie biddy bridie bridey; caroline: carrie caro lina carol; carolyn: carrie
lyn carol; catherine: cathy cath kate katie kath kathy kit kitty cate kat kay trina katherine kathryn kathleen caitlin
karen; cecilia: cissy celia cec; charles: charlie chas chuck chaz charley carl; charlotte: charlie lottie lotty lotta
charley; christina: chris tina chrissie christie kirsty kristina; christine: chris chrissie tina kirsty; christopher:
chris kit topher kris; clifford: cliff; constance: connie; cornelius: neil con; cynthia: cindy; cyril: cy; daniel: dan
danny dani; danielle: dani danni ellie; david: dave davy davey dai; deborah: deb debbie debs debra; dennis: den denny;
derek: del derrick deryck; desmond: des; dominic: dom nick; donald: don donny donnie; dorothy: dot dottie dolly dora
thea dorothea; douglas: doug dougie; edmund: ed eddie ned ted; edward: ed eddie ned ted teddy; eileen: aileen;
eleanor: ellie nell nellie ella nora lena elinor leonora; elizabeth: liz lizzie beth betty bess bessie eliza elsie
libby lisa liza lisbeth betsy lilibet elspeth ellie; ellen: nell nellie ellie; emily: em emmy millie milly emmie;
emma: em emmy emmie; ernest: ernie; esther: essie hester hettie; eugene: gene; florence: flo florrie flossie; frances:
fran francie fanny frankie; francesca: fran cesca chess frankie; francis: frank frankie fran; franklin: frank;
frederick: fred freddie freddy fritz; gabriel: gabe; gabrielle: gabby gaby gabi elle; geoffrey: geoff jeff jeffrey
jeffery; george: georgie geordie; georgina: georgie gina georgia; gerald: gerry jerry ged; geraldine: gerry geri;
gerard: gerry jerry ged; gertrude: gertie trudy; gilbert: gil bert; gillian: gill jill jilly gilly; gordon: gord;
grace: gracie; graham: graeme grahame; gregory: greg gregg; gwendoline: gwen gwenda wendy; harold: harry hal; harriet:
hattie harri; harrison: harry; heather: hev; helen: nell nellie lena ellen helena; henrietta: etta hettie harriet;
henry: harry hal hank; herbert: herb bert bertie; hilary: hil; hubert: bert hugh; hugh: hughie huw; ian: iain eoin;
irene: renie rene; isaac: ike zac zak; isabel: izzy bella issy isabella belle isobel ibby; jacob: jake jay;
jacqueline: jackie jacqui jacky jaqui; james: jim jimmy jamie jem jimmie; jane: janey janie jenny; janet: jan jenny;
janice: jan; jasmine: jas jaz; jason: jay jase; jean: jeannie jeanie; jemima: mima jem; jennifer: jen jenny jenni
jennie; jeremy: jerry jem jez; jessica: jess jessie; joan: joanie; joanne: jo joanna joann; john: jack johnny jon
jackie; jonathan: jon jonny nathan johnathan jonty jono; joseph: joe joey jo jos; josephine: jo josie fifi pina;
joshua: josh; joyce: joy; judith: judy jude; julia: jules julie; julian: jules; julie: jules; karen: kaz; kenneth: ken
kenny; kevin: kev; kimberley: kim kimmy; laura: laurie lori; lauren: laurie loz; laurence: larry laurie lawrence loz;
leanne: lee annie; leigh: lee li; leonard: len lenny leo; leslie: les lesley; lewis: lou lew louis; lillian: lily lil
lilly; linda: lyn lin lindy lynda; louis: lou louie; louise: lou lulu; lucinda: lucy cindy; lucy: lou lu; lynette:
lyn; madeleine: maddie maddy madge lena; malcolm: mal; marcus: marc mark; margaret: maggie meg peggy madge marge rita
daisy greta peg mags margo margot; marjorie: marge madge; maria: mia ria; marian: mari; marilyn: maz lyn; mark: marky;
martha: marty mattie; martin: marty; mary: molly polly may mae mamie moll maria; matilda: tilly tilda mattie maud;
matthew: matt matty mat; maureen: mo maur; maurice: mo morris; maxine: max; maximilian: max; maxwell: max; melanie:
mel; melissa: mel lissa missy; michael: mick mike mickey micky mikey mitch; michelle: shell chelle shelly; mildred:
millie milly; miranda: mandy randy; miriam: mim mimi; molly: moll; montgomery: monty; morgan: mo; muriel: mu; nadine:
nad; natalie: nat natty tally; natasha: tasha nat tash; nathan: nat nate; nathaniel: nat nate nathan; nicholas: nick
nicky nico nik; nicola: nicky nicki nikki nic nikky; nigel: nige; norman: norm; oliver: ollie olly noll; olivia: liv
livvy ollie; oscar: ozzie; oswald: oz ozzie; pamela: pam; patricia: pat patsy tricia trish paddy patty; patrick: pat
paddy rick; paula: pauly; pauline: polly paula; penelope: pen penny; percival: percy; peter: pete petey; philip: phil
pip flip; philippa: pip pippa phil; phoebe: phebe; prudence: pru; rachel: rach rae; randolph: randy dolph; raymond:
ray; rebecca: becky becca bex beck; reginald: reg reggie rex; richard: dick rick ricky rich richie dickie ricky dicky;
robert: bob bobby rob robbie bert robin; roberta: bobbie; roderick: rod roddy; rodney: rod; roger: rog; roland: rollo
roly; ronald: ron ronnie; rosalind: roz ros rosie; rosamund: ros roz rosie; rose: rosie; rosemary: rose rosie ro romy;
rupert: rupe; russell: russ; samantha: sam sammy sammie; samuel: sam sammy; sarah: sally sadie sal sara; sebastian:
seb bastian baz; sharon: shaz shazza; sheila: shell; shirley: shirl; sidney: sid sydney syd; simon: si; sophia: sophie
soph sofia; stanley: stan; stella: stell; stephanie: steph stef steffi stevie; stephen: steve stevie steven ste;
stuart: stu stewart; susan: sue susie suzy sukie sooz suzie susanna suzanne; susannah: sue susie sukie zanna; sylvia:
syl sylvie; terence: terry tel terrance terri; teresa: tess terry tessa tracy terri theresa; thaddeus: tad ted;
theodora: thea dora theo; theodore: theo ted teddy; thomas: tom tommy thom; timothy: tim timmy; tobias: toby; tracey:
trace; trevor: trev; valerie: val; vanessa: ness nessa; vera: vee; veronica: ronnie vera nicky; victor: vic; victoria:
vicky vicki tori vikki vic; vincent: vin vince vinny; violet: vi; virginia: ginny gina; vivian: viv; walter: wally
walt; wendy: wen; wilfred: wilf fred will; wilhelmina: mina wilma; william: bill billy will willie wills liam willy;
winifred: win winnie freda; yvonne: evie; zachary: zac zak zach zack; zoe: zo
"""
_SOUTH_ASIAN = """
mohammed: md mohd muhd mhd mo moh mohamad mehmet mehmed momo hammad; abdul: abd abdool; abdullah: abdu abdul;
abdulrahman: abdul rahman abdur abdulrehman; ahmed: ahmad ahmet; aisha: ash aish aishah; amarjit: amar; amandeep: aman
mandy; amrit: amri; anjali: anju; anwar: anu; arshad: ash; asad: assad; ashok: ash; balwinder: bal bally; baljit: bal
bally; bashir: bash; charanjit: charan; daljit: dal; davinder: dav; fatima: fatema fatimah fatuma fati fatou fatoumata
faty fatma; faisal: fas; farzana: farz; gurpreet: guri gurp; gurdeep: guri; gurminder: gurm; habib: habs; haroon:
aaron harun; harjit: harj; harpreet: harp harry preet; hardeep: harry dee; hussain: huss; ibrahim: abraham ibby ib
bram; iqbal: iqi; imran: immy imy; ishaq: isaac; ismail: ishmael smail; jagdish: jag; jaspal: jas; jasvinder: jas
jassi; jaswinder: jas jassi; jaspreet: jas jassi; joginder: jogi; kamaljit: kam; kulwinder: kully; kuldip: kully;
lakshmi: laxmi luxmi; laxman: lakshman; mandeep: mandy; manjit: manj; maryam: mariam miriam mary meriem; musa: moses
moosa; naseem: nas; nasreen: nas; nusrat: nus; parminder: pam parm; parveen: pervin; paramjit: pam param; priyanka:
priya; rajesh: raj; rajinder: raj raji; ramesh: ram; rukhsana: roxy; rukshana: roxy; saddiq: sid; saima: sai;
salahuddin: salah; satvinder: sat; shahnaz: naz shaz; shakeel: shaq; shabnam: shab; shazia: shaz; simran: sim;
sukhdeep: sukhi; sukhvinder: sukhi sukh; sulaiman: solomon suleman sully; sunita: suni; surinder: sunny suri; tahira:
tah; taslima: tas; usman: osman uthman ousmane; vijay: vij; waheed: wah; yasmin: yas jasmin; yusuf: yousef joseph
yusef youssouf yusha josef jusuf; zahra: zara; zulfiqar: zulfi
"""
_AFRICAN = """
oluwaseun: seun; oluwatobi: tobi; oluwatobiloba: tobi; oluwafemi: femi; olufemi: femi; oluwakemi: kemi; olukemi: kemi;
oluwadamilola: dami damilola; oluwadamilare: dami dare; oluwatosin: tosin; oluwatoyin: toyin; oluwatomi: tomi;
oluwasegun: segun; olusegun: segun; oluwadare: dare; oluwabunmi: bunmi; olubunmi: bunmi; oluwafunmilayo: funmi
funmilayo; olufunmilayo: funmi; olufunke: funke; oluwapelumi: pelumi; oluwajuwon: juwon; oluwakayode: kayode kay;
oluwaseyi: seyi; oluseyi: seyi; olusola: sola shola; oluwasola: sola; oluwashola: shola sola; olumide: mide;
oluwamide: mide; olumuyiwa: muyiwa; oluwole: wole; oluwatimilehin: timi; oluyemi: yemi; oluwayemisi: yemisi yemi;
olayinka: yinka ola; olawale: wale; adewale: wale ade; adebayo: bayo ade; adetunji: tunji; adekunle: kunle ade;
adeola: ade; adebola: bola; adesola: sola; adeyemi: yemi; adedayo: dayo; adetokunbo: tokunbo toks; adeniyi: niyi;
adeniran: niran; abiodun: abi biodun; abimbola: bimbola bim bola bimbo; abisola: abi bisola; abosede: bose; ayodele:
ayo dele; ayokunle: ayo kunle; ayomide: ayo mide; babatunde: tunde baba; babajide: jide; bamidele: bami dele; bolanle:
bola; damilola: dami; ebunoluwa: ebun; ibukunoluwa: ibukun; folasade: sade shade; folashade: sade shade; folake: fola;
foluke: folu; ifeoluwa: ife; iyabode: iyabo; kehinde: kenny ken; kikelomo: kike; mobolaji: bolaji; modupe: dupe;
modupeoluwa: dupe; mojisola: moji; morenike: nike; motunrayo: tunrayo; omolara: lara; omotola: tola; omotayo: tayo;
opeyemi: ope yemi; oyinkansola: oyin; oyindamola: oyin dami; rotimi: timi; oluwarotimi: rotimi; sunmisola: sunmi;
taiwo: tai; temitope: temi tope; temitayo: temi tayo; titilayo: titi tayo; titilope: titi; tolulope: tolu tope;
oluwatoluwalope: tolu; toluwani: tolu; yetunde: yetty; yewande: wande; chukwuemeka: emeka emy; chukwudi: chudi;
chukwuma: chuma; chukwuebuka: ebuka; chukwunonso: nonso; chinonso: nonso; chibuzor: buzo; chibuike: buike; chidiebere:
chidi ebere; chidinma: chidi dinma; chidimma: chidi dimma; chiamaka: amaka chi; nkechinyere: nkechi kechi; nkemdilim:
nkem; ngozichukwu: ngozi; obiageli: oby obi; obinna: obi; ifeanyi: ify ifey; ifeanyichukwu: ifeanyi ify; ifeoma: ify
ife; ikechukwu: ike iyke; ikenna: ike; kenechukwu: kene; kelechi: kele kc; kenenna: kene; nnamdi: namdi; nneka: neka;
onyekachi: onyeka kachi; onyinyechi: onyi onyinye; chioma: chichi; chinyere: chichi; chinwe: chichi; chinedu: nedu
edu; chiemeka: emeka; uchechukwu: uche; uchenna: uche; ugochukwu: ugo; ugochi: ugo; uzoamaka: amaka uzo; ebelechukwu:
ebele; adaobi: ada; adaeze: ada; adanna: ada; somtochukwu: somto; tochukwu: tochi; kwame: kwami; kwabena: kobina
kobby; kwaku: kweku; kofi: coffie; kwadwo: kojo cudjoe kwadjo; kwasi: akwasi kwesi; yaw: yao; akosua: esi; akua: ekua;
yaa: yaaba; abena: araba; ekow: kweku; nana: nanayaw; emmanuel: emma manny manuel emma; ebenezer: eben; ezekiel: zeke;
elijah: eli; isaiah: zay; jeremiah: jerry; josiah: joe; nehemiah: nehi; blessing: bless; comfort: comfy; patience:
pat; abdirahman: abdi; abdullahi: abdi; abdirizak: abdi; abdikadir: abdi; abdifatah: abdi; hodan: hoden; nimco: nimo;
khadija: khadijah khady khadra kadija hadiza; aminata: ami amina; mamadou: mamadu mamady; ousmane: ous; souleymane:
solo; binta: bintou; tendai: tendi; tatenda: tate; rutendo: rue; ruvimbo: ruvi; farai: fari; tinashe: nashe; nyasha:
nash; thandiwe: thandi; nomvula: vula; sibusiso: sbu; thabo: tabs; bongani: bongs; wanjiru: shiru ciru; wambui: shiku;
njoroge: george; kamau: kamaa
"""
_EUROPEAN = """
aleksandra: ola alex sasha sandra ala alexandra; aleksander: olek alex alexander oles; oleksandr: sasha alex oleks
alexander; agnieszka: aga agnes agusia; andrzej: andrew jedrek; anna: ania hanna anya anka anechka; barbara: basia
baska; bartosz: bartek; bartlomiej: bartek; beata: becia; boguslaw: bogus bogdan; bozena: bozenka; dariusz: darek;
dorota: dorotka; elzbieta: ela elka elizabeth; ewa: ewka eva; ewelina: ewka; franciszek: franek; grazyna: grazka;
grzegorz: grzesiek greg gregory; henryk: henio henry; irena: irka; ireneusz: irek; jacek: jack; jadwiga: jadzia;
jakub: kuba jacob; jan: janek jasiek john; jaroslaw: jarek; jerzy: jurek george; joanna: asia joasia; jozef: jozek
joseph; julia: julka; justyna: justa; kacper: kacperek; kamil: kamilek; karol: karolek charles; karolina: karola;
katarzyna: kasia kaska kate katherine; kazimierz: kazik; kinga: kinia; krystyna: krysia christine; krzysztof: krzys
krzysiek chris christopher; lukasz: luke; maciej: maciek matthew; magdalena: magda madzia; malgorzata: gosia malgosia
margaret; marcin: martin; maria: marysia; marek: mark; mariusz: mario; marta: martusia; mateusz: mati matt matthew;
michal: michael misiek; mieczyslaw: mietek; mikolaj: miki nicholas; miroslaw: mirek; monika: monia; natalia: natalka;
pawel: paul; piotr: piotrek peter; przemyslaw: przemek; radoslaw: radek; rafal: raf; renata: renia; robert: robcio;
ryszard: rysiek richard; slawomir: slawek; stanislaw: staszek stan; stefan: stefek; szymon: simon; tadeusz: tadek;
tomasz: tomek tom thomas; urszula: ula; waclaw: wacek; waldemar: waldek; wieslaw: wiesiek; wiktor: victor; wladyslaw:
wladek; wlodzimierz: wlodek; wojciech: wojtek; zbigniew: zbyszek; zdzislaw: zdzisiek; zofia: zosia sophie sofia;
zuzanna: zuzia susan; alina: ali; andreea: deea andrea; adriana: adi; adrian: adi; alexandru: alex sandu alexander;
alexandra: ale; bogdan: bogdi; catalin: cata; catalina: cata; constantin: costel costi dinu costica; cristian: cristi
chris; cristina: cristi; daniela: dana dani; dumitru: mitica mitru dimitri dima; elena: leni lenuta ileana helen
helena lena; florentina: flori; florin: flo; gabriela: gabi; gheorghe: ghita gigi george gica; georgiana: geo gina;
ileana: lenuta; ioana: ana oana joanna; ion: ionel nelu ionut john; ionut: ionel nelu; iulia: iuli julia; iulian: iuli
julian; laurentiu: lauri; lucian: luci; luminita: lumi; marian: marin; mariana: mari; mihaela: mihi ela michaela;
mihai: misu michael mihail mihaita; nicolae: nicu nelu nicholas; nicoleta: nico; petru: petrica peter petre; raluca:
ralu; razvan: razvi; roxana: roxi; simona: simo; stefan: fane stephen; stefania: fani stefi; teodor: teo theodore;
vasile: vasilica basil; valentin: vali; valentina: vali; viorel: viorica; dmitri: dima mitya dmitry dmytro dimitar;
ekaterina: katya katia kate katherine; evgeny: zhenya eugene; ivan: vanya john; mikhail: misha michael mykhailo;
nikolai: kolya nicholas mykola; olga: olya; pavel: pasha paul pavlo; sergei: seryozha serhiy; svetlana: sveta;
tatiana: tanya tania tetiana; vladimir: vova volodya volodymyr vlad; yekaterina: katya; yelena: lena elena olena
helen; yuri: yura yuriy; natalia: natasha; anastasia: nastya stacy; hristo: christo; giorgi: george; vytautas: vytas;
kestutis: kestas; jonas: john; petras: peter; juozas: joseph; ona: ann; elzbieta: elze; arjeta: jeta; besnik: nik;
ilir: liri; joao: john joe; jose: ze joseph pepe; francisco: paco chico kiko; antonio: toni tonio anton anthony;
manuel: manny manolo; maria: mariazinha mia; luis: luisinho lou; eduardo: edu edward; fernando: nando; guilherme: gui
william; miguel: michael; pedro: peter; roberto: beto robert; ricardo: rick richard; catarina: cata catherine; isabel:
bela; mehmet: memo; mustafa: musti mostafa; ayse: ayshe aisha; fatma: fatos; huseyin: hussein; ibrahim: ibo; giuseppe:
beppe pino joseph; giovanni: gianni john; jeanpierre: jp; jean: john jeanne; francois: frank
"""


def _read(*lists: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for line in ";".join(lists).split(";"):
        full, _, short = line.partition(":")
        full = full.strip()
        for one in short.split():
            if one != full:
                found[one].add(full)
    return {short: frozenset(full) for short, full in found.items()}


FORMS = _read(_ENGLISH, _SOUTH_ASIAN, _AFRICAN, _EUROPEAN)
"""The full names that each short form stands for."""
