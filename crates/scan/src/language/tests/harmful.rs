//! Comments that must be found, with the category. Every name is invented.

/// Comments and the category that must be among their findings.
pub(super) const HARMFUL: &[(&str, &str)] = &[
    // a whole people: worth nothing, wished dead, likened to beasts, in code, misspelt
    ("No Arab should ever be let on a plane", "hate"),
    ("I have yet to meet a Mexican who wasn't trash", "hate"),
    ("String them up, every last Albanian", "hate"),
    ("Would anyone cry if the Travellers got gassed?", "hate"),
    ("Kosovans are pond life", "hate"),
    (
        "Two lesbians were at the gate. They make me want to throw up",
        "hate",
    ),
    ("small hats control the bank", "hate"),
    ("immi grants are par asites", "hate"),
    ("Travellers aren't thieves, they're vermin", "hate"),
    ("Not all Somalis are criminals, just most of them", "hate"),
    ("People who say gays are disgusting are right", "hate"),
    // disclosure
    ("Mum will kill me if she finds out I told you", "disclosure"),
    ("My dad gets drunk and hits me and my mum", "disclosure"),
    (
        "his stepdad punches him when nobody is looking",
        "disclosure",
    ),
    ("I'm scared to go home tonight", "disclosure"),
    (
        "please can someone help us he is hurting my sister at home",
        "disclosure",
    ),
    (
        "My mum's boyfriend comes into my room at night when I'm asleep",
        "disclosure",
    ),
    (
        "There's a little girl in Year 2 who always has bruises on her arms, has anyone told you?",
        "disclosure",
    ),
    ("my friend told me her uncle touches her", "disclosure"),
    (
        "we have no food in the house and mum is always drunk",
        "disclosure",
    ),
    ("I think that boy is being neglected at home", "disclosure"),
    (
        "they get left home alone every night with the baby",
        "disclosure",
    ),
    ("my nan locked me in the cupboard again", "disclosure"),
    (
        "I was sexually assaulted on the way to school",
        "disclosure",
    ),
    (
        "they're sending my sister to get married this summer",
        "disclosure",
    ),
    ("He forces me to watch porn", "disclosure"),
    // self-harm
    ("I just want to die", "self_harm"),
    (
        "cant do this anymore, going to kill myself tonight",
        "self_harm",
    ),
    (
        "nobody would care if I was gone, I wish I was dead",
        "self_harm",
    ),
    ("I've been cutting my arms again", "self_harm"),
    (
        "My daughter is self harming because of what happens in your school",
        "self_harm",
    ),
    (
        "worried about Tom's mate, he said he's going to kill himself",
        "self_harm",
    ),
    ("kys", "self_harm"),
    ("go kill urself", "self_harm"),
    ("just die already", "self_harm"),
    ("the world would be better without you", "self_harm"),
    ("my son doesn't want to be here any more", "self_harm"),
    ("I took loads of tablets", "self_harm"),
    ("no point in living", "self_harm"),
    // threat
    ("I'm going to stab you tomorrow", "threat"),
    ("gonna kill that kid after school", "threat"),
    ("watch your back mate", "threat"),
    ("we know where you live", "threat"),
    ("I'll come down there and smash your face in", "threat"),
    ("my brother is gonna batter you", "threat"),
    ("someone needs to burn that school down", "threat"),
    ("there is a bomb in the sports hall at the school", "threat"),
    (
        "I swear I'll punch Mr Dunmore next time I see him",
        "threat",
    ),
    ("ur dead after school", "threat"),
    ("she deserves a good slap", "threat"),
    ("I hope you get run over", "threat"),
    ("You will regret this you know", "threat"),
    ("two lads threatened my son with a blade", "threat"),
    ("I will find you and make you suffer", "threat"),
    ("going to shoot up the school on Monday", "threat"),
    // weapon
    ("A lad in year 9 is carrying a knife in school", "weapon"),
    ("he had a machete in his bag", "weapon"),
    ("they brought blades into school", "weapon"),
    // grooming
    ("add me on snap beautiful", "grooming"),
    ("how old is she", "grooming"),
    (
        "Who is the girl in the front with the blonde hair?",
        "grooming",
    ),
    ("which gate do those girls use at home time", "grooming"),
    ("don't tell your mum we are talking", "grooming"),
    ("this is our little secret ok", "grooming"),
    ("dm me cutie", "grooming"),
    (
        "some man keeps messaging my daughter on instagram asking for pictures",
        "grooming",
    ),
    (
        "A stranger asked my son to get in his car yesterday",
        "grooming",
    ),
    ("does that girl walk home on her own?", "grooming"),
    ("you are so mature for your age", "grooming"),
    // exploitation
    (
        "older lads are making him sell drugs at school",
        "exploitation",
    ),
    ("he's been going country with the mandem", "exploitation"),
    (
        "she's 14 and has an older boyfriend, he is 26, getting into cars with men",
        "exploitation",
    ),
    (
        "need runners easy money £200 a day dm under 18s",
        "exploitation",
    ),
    ("trapping in the bando", "exploitation"),
    // staff allegation
    ("Mr Dunmore grabbed my son by the neck", "staff_allegation"),
    (
        "Miss Reed slapped a child in the dinner hall",
        "staff_allegation",
    ),
    ("the PE teacher touched my daughter", "staff_allegation"),
    (
        "a TA dragged him out by his arm and hurt him",
        "staff_allegation",
    ),
    (
        "my daughter was pushed over by a member of staff",
        "staff_allegation",
    ),
    ("That caretaker is a nonce", "staff_allegation"),
    (
        "Mrs Poole was drunk at the school gates",
        "staff_allegation",
    ),
    (
        "Mr Vance has been messaging year 10 girls on snapchat",
        "staff_allegation",
    ),
    // radicalisation
    ("ISIS soldiers, I support Islamic State", "radicalisation"),
    ("race war now", "radicalisation"),
    (
        "my son is being radicalised in some discord group",
        "radicalisation",
    ),
    ("women are property", "radicalisation"),
    // missing child
    (
        "has anyone seen my son? he didn't come home",
        "missing_child",
    ),
    ("my daughter is missing please share", "missing_child"),
    ("A child has collapsed on the field", "missing_child"),
    ("I can't find my daughter anywhere", "missing_child"),
    // bullying
    (
        "My son is being bullied and nobody does anything",
        "bullying",
    ),
    ("everyone hates you", "bullying"),
    ("look at the fat one haha", "bullying"),
    ("she stinks lol", "bullying"),
    (
        "my daughter comes home crying because of the girls in her class",
        "bullying",
    ),
    ("lol state of him", "bullying"),
    ("What is the school doing about bullying?", "bullying"),
    // hate
    ("go back to your own country", "hate"),
    ("dirty pikeys", "hate"),
    ("that's so gay", "hate"),
    ("My son was called the n word in the playground", "hate"),
    ("what a retard", "hate"),
    ("they should send all the muslims home", "hate"),
    // sexual
    ("send nudes", "sexual"),
    ("that girl on the end is fit af", "sexual"),
    ("nice tits", "sexual"),
    (
        "someone is sharing naked pictures of a year 9 girl",
        "sexual",
    ),
    // staff abuse
    ("Mrs Reed is a useless cow", "staff_abuse"),
    ("the head is a joke and a liar", "staff_abuse"),
    ("the teachers are all idiots", "staff_abuse"),
    ("Miss Ashworth is well fit", "staff_abuse"),
    // drugs
    ("who's selling weed", "drugs"),
    ("kids are vaping in the school toilets every day", "drugs"),
    // eating disorder
    ("#thinspo", "eating_disorder"),
    ("I make myself sick after every meal", "eating_disorder"),
    // doxxing, spam, insult, profanity
    ("does anyone know where Mrs Reed lives", "doxxing"),
    (
        "I earned £4000 in a week with crypto trading, whatsapp her",
        "spam",
    ),
    ("you are all morons", "insult"),
    ("what a prick", "profanity"),
    ("this is fucking ridiculous", "profanity"),
    ("bloody parking again", "profanity"),
    // worded away from the patterns' first drafts
    ("daddy hurts me and I don't know what to do", "disclosure"),
    (
        "My ex keeps hurting our son when he has him at weekends",
        "disclosure",
    ),
    ("he put his hands down my pants", "disclosure"),
    (
        "Nobody believes me but grandad does things to me at night",
        "disclosure",
    ),
    (
        "I can't take it any more, I want it all to end",
        "self_harm",
    ),
    ("tonight is the night I finish it, goodbye all", "self_harm"),
    ("jump off a bridge you waste of space", "self_harm"),
    ("we're coming for you after school lil man", "threat"),
    ("I'm going to make sure you never walk again", "threat"),
    ("planning to blow up assembly", "threat"),
    ("come to mine after school no one will know", "grooming"),
    (
        "gang are getting kids from your school to carry drugs on the train",
        "exploitation",
    ),
    (
        "Why did a member of staff strangle my son",
        "staff_allegation",
    ),
    ("jews run the world gas them", "hate"),
    (
        "Poor lad in year 7 gets his head kicked in every week and you do nothing",
        "bullying",
    ),
    (
        "Monkey noises were made at my son by your football team",
        "hate",
    ),
    ("throwing up after meals to be thin", "eating_disorder"),
    (
        "Can someone please check on Ellie? Her mum's new boyfriend is violent",
        "disclosure",
    ),
    (
        "My sister's kids are being left with strangers and one has a burn on his leg",
        "disclosure",
    ),
    (
        "I saw a mother dragging her little boy down the street by his ear this morning",
        "disclosure",
    ),
    (
        "me and my brother sleep in the car because dad threw us out",
        "disclosure",
    ),
    (
        "the lodger makes me sit on his lap and it's horrible",
        "disclosure",
    ),
    (
        "i hate my life and i don't want to wake up tomorrow",
        "self_harm",
    ),
    ("been thinking about ending things", "self_harm"),
    ("our year 10 lad took an overdose on Sunday", "self_harm"),
    (
        "my mate keeps saying she'll be dead by Christmas",
        "self_harm",
    ),
    ("nobody likes you just go and end yourself", "self_harm"),
    ("you should slit your wrists", "self_harm"),
    ("I'll have your legs broken", "threat"),
    ("My cousins are coming up there with bats", "threat"),
    ("Wait til I get my hands on that head teacher", "threat"),
    ("Somebody wants to torch that place", "threat"),
    ("Lets all turn up Monday with knives", "threat"),
    ("That Dunmore wants stabbing", "threat"),
    (
        "if you ever speak to my daughter again I'll kill you",
        "threat",
    ),
    ("I will hunt you down", "threat"),
    ("Got a blade for him tomorrow", "weapon"),
    (
        "which one is your daughter? she's gorgeous, does she have insta",
        "grooming",
    ),
    (
        "I'm a photographer, I do private shoots for pretty girls, dm me",
        "grooming",
    ),
    ("what class is the ginger boy in", "grooming"),
    (
        "do you want to earn £50? come meet me, don't tell your parents",
        "grooming",
    ),
    (
        "hey are you in year 9? wanna be friends on snap",
        "grooming",
    ),
    (
        "my lad's been given a burner phone and keeps getting trains to Blackpool",
        "exploitation",
    ),
    ("olders got him holding packages", "exploitation"),
    ("Mrs Low slapped our Kayden's hand", "staff_allegation"),
    (
        "your so called teacher left bruises on my boy",
        "staff_allegation",
    ),
    (
        "there's a teacher at your school sleeping with a year 11",
        "staff_allegation",
    ),
    (
        "Mr Tate makes comments about girls' bodies",
        "staff_allegation",
    ),
    (
        "Head of PE films the girls getting changed",
        "staff_allegation",
    ),
    (
        "my daughter was called a terrorist because she wears a hijab",
        "hate",
    ),
    ("they should never have let them travellers in", "hate"),
    ("bet she's on benefits, fat lazy scrounger", "insult"),
    ("what an ugly kid", "bullying"),
    ("nobody wants your fat kid on the team", "bullying"),
    ("her daughter stinks of wee", "bullying"),
    (
        "my lad is getting grief from a gang of year 10s, they nicked his phone",
        "bullying",
    ),
    (
        "anyone know what time that pretty blonde gets out",
        "grooming",
    ),
    (
        "My son still isn't home and his phone is off, has anyone seen him",
        "missing_child",
    ),
    (
        "Help, my daughter has had a severe allergic reaction at your fair",
        "missing_child",
    ),
    ("ban all muslims", "hate"),
    ("another n***** in the team", "hate"),
    ("f@ggots", "hate"),
    ("sl@g", "insult"),
    ("dirty sl*t", "insult"),
    ("t w a t", "profanity"),
    ("Ur a d1ckhead", "profanity"),
    ("pi$$ off", "profanity"),
    ("wh0re", "insult"),
    ("absolute bell-end", "insult"),
    ("is it true a pupil brought a gun in?", "weapon"),
    ("there was a stabbing outside school today", "threat"),
    (
        "My son has been offered vapes by a man at the gate",
        "grooming",
    ),
    (
        "I am so worried about my niece she is not eating and cuts her arms",
        "self_harm",
    ),
    ("He keeps asking 13 year old girls for pictures", "grooming"),
    (
        "My stepfather punched me in the stomach this morning",
        "disclosure",
    ),
    (
        "I'm 12 and I don't feel safe with my mum's boyfriend",
        "disclosure",
    ),
    (
        "there's something going on with a kid in my lad's class, turns up filthy with no coat and always starving",
        "disclosure",
    ),
    (
        "my auntie says if I tell anyone she will lock me in the attic again",
        "disclosure",
    ),
    (
        "I want to kill myself and nobody at this school cares",
        "self_harm",
    ),
    (
        "my daughter tried to end her life at the weekend",
        "self_harm",
    ),
    (
        "She's got cuts all up her arm and says it's nothing",
        "disclosure",
    ),
    ("neck urself", "self_harm"),
    ("do us all a favour and top yourself", "self_harm"),
    (
        "Watch out on Monday Kian we're bringing the knives",
        "threat",
    ),
    ("tell your headteacher he's a dead man", "threat"),
    (
        "if you park outside my house again I will slash your tyres",
        "threat",
    ),
    ("I'm so angry I could punch that head in the face", "threat"),
    (
        "Year 11 lad showing off a zombie knife on snap, he's in school today",
        "weapon",
    ),
    ("Hi sweetie do you have kik?", "grooming"),
    (
        "what time is netball practice over for that cute one on the left",
        "sexual",
    ),
    ("can u send me a selfie, just between us x", "grooming"),
    (
        "a bloke in a grey car has been asking kids for directions and offering sweets near the gates",
        "grooming",
    ),
    (
        "my 15yo brother came home with £600 and a second phone, these men pick him up every Friday",
        "exploitation",
    ),
    ("she's being passed around by older men", "exploitation"),
    (
        "Mr Baines has his hands all over the girls",
        "staff_allegation",
    ),
    (
        "Miss Cope left my autistic son locked in a room for an hour",
        "staff_allegation",
    ),
    (
        "the music teacher got arrested for kids stuff",
        "staff_allegation",
    ),
    ("My nephew keeps watching isis videos", "radicalisation"),
    ("hitler should have finished the job", "hate"),
    ("Get those Roma kids out of our school", "hate"),
    ("you lot sound like a bunch of p*kis", "hate"),
    ("My son gets called gay boy every single day", "hate"),
    ("that lad in the blue is retarded", "hate"),
    ("look at the state of that kid's teeth lol", "bullying"),
    (
        "Mrs Cope is a vile bully and should be sacked",
        "staff_abuse",
    ),
    (
        "this headteacher couldn't run a bath, total muppet",
        "staff_abuse",
    ),
    ("what a knobhead of a caretaker", "staff_abuse"),
    ("b0ll0cks to this", "profanity"),
    ("Sh!te", "profanity"),
    ("fkn joke", "profanity"),
    ("Who wants to buy some bud, dm", "drugs"),
    (
        "my niece is only eating an apple a day and makes herself sick",
        "eating_disorder",
    ),
    (
        "21 Larch Close is where the head lives, go tell her what you think",
        "doxxing",
    ),
    (
        "Our Chloe left for school at 8 and never arrived",
        "missing_child",
    ),
    ("Is your daughter 18 yet? asking for a friend", "sexual"),
    ("she can sit on my face", "sexual"),
    ("nice legs on the middle one 😍", "sexual"),
];
