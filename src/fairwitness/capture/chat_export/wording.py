"""The words that WhatsApp itself writes into exports, by what they mean. Data only.

Compared without direction marks, outer brackets, a final full stop and case. A language
that is missing here loses no word: its lines are read as messages, or marked as doubtful.
"""

from collections.abc import Mapping

MORNING = frozenset(
    {
        "am", "a m", "a.m", "a. m", "vorm", "ص", "قبلالظهر", "قبلازظهر", "ق.ظ", "上午", "凌晨", "清晨",
        "早上", "午前", "오전", "पूर्वाह्न", "पू", "पूर्व", "म.पू", "öö", "π.μ", "πμ", "fm", "ap", "dop", "de",
        "пр.об", "дп", "ก่อนเที่ยง", "sa", "pg", "পূর্বাহ্ণ", "மு.ப", "முற்பகல்", "ఉదయం", "לפנה״צ",
    }
)  # fmt: skip
AFTERNOON = frozenset(
    {
        "pm", "p m", "p.m", "p. m", "nachm", "م", "بعدالظهر", "بعدازظهر", "ب.ظ", "下午", "中午", "晚上",
        "午後", "오후", "अपराह्न", "अप", "म.उ", "ös", "μ.μ", "μμ", "em", "ip", "odp", "du", "сл.об", "пп",
        "หลังเที่ยง", "ch", "ptg", "অপরাহ্ণ", "பி.ப", "பிற்பகல்", "సాయంత్రం", "אחה״צ",
    }
)  # fmt: skip
"""Half-day words before or after a time. A word in neither set leaves the hour as written."""

OMITTED: Mapping[str, tuple[str, ...]] = {
    "image": (
        "image omitted", "imagem ocultada", "imagem omitida", "imagem não revelada", "imagen omitida",
        "bild weggelassen", "image absente", "immagine omessa", "फ़ोटो हटाई गई", "لم يتم إدراج الصورة",
        "afbeelding weggelaten", "изображение отсутствует", "зображення відсутнє", "obrázek vynechán",
        "gambar tidak disertakan", "画像は含まれていません", "ไม่มีรูปภาพ", "đã bỏ qua hình ảnh",
        "görüntü dahil edilmedi", "pominięto obraz", "이미지 생략", "图像已省略", "图片已忽略", "圖片已略去",
    ),
    "video": (
        "video omitted", "vídeo omitido", "vídeo ocultado", "vídeo não revelado", "video omitido",
        "video weggelassen", "vidéo absente", "video omesso", "वीडियो छोड़ा गया", "لم يتم إدراج الفيديوهات",
        "video weggelaten", "видео отсутствует", "відео відсутнє", "video vynecháno",
        "video tidak disertakan", "ビデオは含まれていません", "วิดีโอถูกลบ", "đã bỏ video",
        "video note omitted", "video message omitted", "videonotiz weggelassen", "mensagem de vídeo omitida",
        "video dahil edilmedi", "pominięto wideo", "동영상 생략", "视频已省略", "視頻已略去",
    ),
    "audio": (
        "audio omitted", "áudio ocultado", "áudio omitido", "ficheiro de áudio não revelado",
        "audio omitido", "audio weggelassen", "audio omis", "audio omesso", "ऑडियो हटाई गयी",
        "لم يتم إدراج المقاطع الصوتية", "audio weggelaten", "аудиофайл отсутствует", "аудіо відсутнє",
        "zvukový soubor vynechán", "audio tidak disertakan", "音声は含まれていません", "ไม่มีไฟล์เสียง",
        "bỏ qua tệp âm thanh", "ses dahil edilmedi", "pominięto dźwięk", "오디오 생략", "音频已省略",
    ),
    "sticker": (
        "sticker omitted", "figurinha omitida", "figurinha ocultada", "sticker não revelado",
        "sticker omitido", "sticker weggelassen", "sticker omis", "sticker non incluso",
        "स्टिकर छोड़ा गया", "تم حذف الملصقات", "sticker weggelaten", "стикер не добавлен",
        "стікер не додано", "nálepka vynechána", "stiker tidak disertakan", "ステッカーは含まれていません",
        "çıkartma dahil edilmedi", "pominięto naklejkę", "스티커 생략", "贴图已省略",
        "наклейку не додано", "スタンプは含まれていません", "ไม่มีสติกเกอร์", "đã bỏ sticker",
    ),
    "gif": (
        "gif omitted", "gif omitido", "gif não revelada", "gif weggelassen", "gif retiré", "gif esclusa",
        "gif छोड़ा गया", "لم يتم إدراج صورة gif", "gif weggelaten", "gif отсутствует", "gif відсутній",
        "gif vynechán", "gif tidak disertakan", "gifは含まれていません", "gif dahil edilmedi",
        "pominięto gif",
        "gif-анімацію пропущено", "ละเว้น gif", "đã bỏ qua ảnh gif",
    ),
    "contacts": (
        "contact card omitted", "cartão do contato omitido", "contato omitido", "contacto não revelado",
        "tarjeta de contacto omitida", "kontaktkarte ausgelassen", "kontaktkarte weggelassen",
        "fiche contact manquante", "scheda contatto omessa", "कॉन्टैक्ट कार्ड छोड़ा गया",
        "لم يتم إدراج بطاقة جهة اتصال", "visitekaartje weggelaten", "карточка контакта отсутствует",
        "картка контакту відсутня", "karta kontaktu vynechána", "kartu kontak tidak disertakan",
        "kişi kartı dahil edilmedi", "pominięto wizytówkę",
        "vizitka vynechána", "連絡先カードを省略", "บัตรรายชื่อที่ละเว้น", "bỏ qua thẻ liên lạc",
    ),
    "document": (
        "document omitted", "documento omitido", "documento ocultado", "documento não revelado",
        "dokument weggelassen", "document manquant", "documento omesso", "डॉक्यूमेंट छोड़ा गया",
        "لم يتم إدراج المستند", "document weggelaten", "документ отсутствует", "документ відсутній",
        "dokument vynechán", "dokumen tidak disertakan", "ドキュメントは含まれていません",
        "belge dahil edilmedi", "pominięto dokument", "문서 생략", "文档已省略",
        "документ пропущено", "ละเว้นเอกสาร", "đã bỏ qua tài liệu",
    ),
    "file": (
        "media omitted", "mídia oculta", "mídia omitida", "ficheiro não revelado", "multimedia omitido",
        "archivo omitido", "medien ausgeschlossen", "medien weggelassen", "médias omis", "fichier omis",
        "media omessi", "media omesso", "मीडिया के बिना", "تم استبعاد الوسائط", "media weggelaten",
        "без медиафайлов", "файл пропущен", "без медіафайлів", "média vynechány", "media tidak disertakan",
        "medya dahil edilmedi", "pominięto multimedia", "מדיה הושמטה", "미디어 제외됨", "忽略多媒体文件",
        "多媒體檔案已略去", "メディアは含まれていません", "media utelämnat",
        "mediene utelatt", "media jätettiin pois",
    ),
}  # fmt: skip
"""Files that were left out of the export, by their kind."""

ATTACHED_BEFORE = (
    "attached", "anexado", "anexo", "adjunto", "anhang", "pièce jointe", "allegato", "अटैच किया गया",
    "المُرفق", "bijgevoegd", "прикреплено", "вкладено", "přiloženo", "terlampir", "添付ファイル", "đính kèm",
    "แนบ", "eklendi", "załączono", "첨부", "附件",
)  # fmt: skip
ATTACHED_AFTER = (
    "file attached", "arquivo anexado", "ficheiro anexado", "archivo adjunto", "archivo adjuntado",
    "datei angehängt", "fichier joint", "file allegato", "फ़ाइल अटैच की गई", "फाइल अटैच कर दी गई है",
    "फाइल संलग्न", "الملف مرفق", "bestand bijgevoegd", "файл добавлен", "файл додано", "soubor byl přiložen",
    "file terlampir", "dosya ekli", "załączono plik", "הקובץ מצורף", "첨부 파일", "文件附件", "檔案附件",
)  # fmt: skip
"""Around the name of a file that came with the export: `<attached: F>`, `F (file attached)`."""

EDITED = (
    "this message was edited", "mensagem editada", "esta mensagem foi editada", "se editó este mensaje",
    "diese nachricht wurde bearbeitet", "ce message a été modifié", "questo messaggio è stato modificato",
    "dit bericht is bewerkt", "данное сообщение изменено", "сообщение изменено", "тут відредаговано",
    "pesan ini diedit", "pesan ini telah diedit", "bu mesaj düzenlendi", "este mensaje fue editado",
    "mensaje editado", "تم تعديل هذه الرسالة", "यह मैसेज एडिट किया गया", "यह मैसेज एडिट किया गया है",
    "इस मैसेज में बदलाव किया गया है", "このメッセージは編集されました", "이 메시지는 수정되었습니다",
    "此消息已编辑", "此訊息已編輯", "ta wiadomość została edytowana", "wiadomość została edytowana",
    "tato zpráva byla upravena", "det här meddelandet redigerades", "meddelandet redigerades",
    "denne besked blev redigeret", "denne meldingen ble redigert", "tätä viestiä muokattiin",
    "הודעה זו נערכה", "це повідомлення змінено", "це повідомлення відредаговано",
    "αυτό το μήνυμα τροποποιήθηκε", "acest mesaj a fost editat", "ข้อความนี้ถูกแก้ไข",
    "tin nhắn này đã được chỉnh sửa",
)  # fmt: skip

DELETED_BY_SELF = (
    "you deleted this message", "você apagou esta mensagem", "apagou esta mensagem",
    "eliminaste este mensaje", "du hast diese nachricht gelöscht", "vous avez supprimé ce message",
    "hai eliminato questo messaggio", "u hebt dit bericht verwijderd",
    "je hebt dit bericht verwijderd", "вы удалили данное сообщение", "вы удалили это сообщение",
    "ви видалили це повідомлення", "لقد حذَفت هذه الرسالة", "आपने यह मैसेज डिलीट किया",
    "smazali jste tuto zprávu", "anda menghapus pesan ini", "あなたはこのメッセージを削除しました",
    "このメッセージを削除しました",
    "bu mesajı sildiniz", "usunięto tę wiadomość", "you deleted this message as admin",
    "bạn đã xoá tin nhắn này", "bạn đã xóa tin nhắn này", "tuto zprávu jste smazal/a",
    "tuto zprávu jste odstranil/a", "คุณได้ลบข้อความนี้", "أنت حذفت هذه الرسالة",
)  # fmt: skip
DELETED = (
    "this message was deleted", "mensagem apagada", "esta mensagem foi apagada",
    "se eliminó este mensaje", "este mensaje fue eliminado", "diese nachricht wurde gelöscht",
    "ce message a été supprimé", "questo messaggio è stato eliminato", "dit bericht is verwijderd",
    "dit bericht werd verwijderd", "данное сообщение удалено", "это сообщение удалено",
    "це повідомлення було видалено", "це повідомлення видалено", "تم حذف هذه الرسالة",
    "यह मैसेज डिलीट कर दिया गया है", "tato zpráva byla smazána", "pesan ini dihapus",
    "このメッセージは削除されました", "ข้อความนี้ถูกลบแล้ว", "tin nhắn này đã bị xóa", "bu mesaj silindi",
    "ta wiadomość została usunięta", "此消息已删除", "삭제된 메시지입니다",
    "this message was deleted by admin",
    "tato zpráva byla odstraněna", "tin nhắn này đã bị xoá",
)  # fmt: skip

WAITING = ("waiting for this message. this may take a while", "waiting for this message")

POLL = ("poll", "enquete", "sondagem", "encuesta", "umfrage", "sondage", "sondaggio", "опрос", "опитування")

CALLS = (
    r"(missed )?(group )?(voice|video) call.{0,60}",
    r"(chamada|ligação) de (voz|vídeo)( perdida| não atendida)?.{0,60}",
    r"(videollamada|llamada|llamada de voz)( de grupo)?( perdida| sin respuesta)?.{0,60}",
    r"(verpasster |verpasste )?(sprachanruf|videoanruf).{0,60}",
    r"appel (vocal|vidéo)( manqué)?.{0,60}",
    r"(chiamata|videochiamata)( vocale)?( persa)?.{0,60}",
    r"(gemiste )?(spraakoproep|video-oproep).{0,60}",
    r"(пропущенный )?(аудиозвонок|видеозвонок|звонок).{0,60}",
    r"zmeškaný (hlasový |video)?hovor.{0,60}",
)

ENCRYPTION = (
    r"messages (and calls are|you send to this|to this) .{0,60}end-to-end encr.{0,200}",
    r"(as|suas) mensagens e (as )?(chamadas|ligações) .{0,60}(criptograf|encriptad).{0,200}",
    r"los mensajes y las llamadas están cifrados.{0,200}",
    r"nachrichten und anrufe sind ende-zu-ende.{0,200}",
    r"les messages et les appels sont chiffrés.{0,200}",
    r"i messaggi e le chiamate sono crittografati.{0,200}",
    r"berichten en oproepen worden end-to-end.{0,200}",
    r"сообщения и звонки защищены сквозным.{0,200}",
    r"повідомлення й дзвінки захищено наскрізним.{0,200}",
    r"الرسائل والمكالمات مشفرة.{0,200}",
    r"मैसेजेस और कॉल्स एंड-टू-एंड.{0,200}",
    r"zprávy a hovory jsou .{0,20}šifrováním.{0,200}",
    r"pesan dan panggilan terenkripsi.{0,200}",
    r"メッセージと通話はエンドツーエンド.{0,200}",
    r"ข้อความและการโทรได้รับการเข้ารหัส.{0,200}",
    r"tin nhắn và cuộc gọi được mã hóa.{0,200}",
    r"mesajlar ve aramalar uçtan uca.{0,200}",
    r"wiadomości i (połączenia|rozmowy) są .{0,30}szyfrowan.{0,200}",
    r"meddelanden och samtal är .{0,30}krypter.{0,200}",
    r"(beskeder og opkald|meldinger og anrop) er .{0,30}krypter.{0,200}",
    r"viestit ja puhelut ovat .{0,40}sala.{0,200}",
    r"ההודעות והשיחות מוצפנות.{0,200}",
    r"메시지와 통화(는|가) .{0,30}암호화.{0,200}",
    r"(消息和通话|訊息和通話).{0,20}端.端加密.{0,200}",
    r"mesajele și apelurile sunt criptate.{0,200}",
    r"az üzenetek és a hívások végpont.{0,200}",
    r"τα μηνύματα και οι κλήσεις .{0,30}κρυπτογραφ.{0,200}",
    r"съобщенията и обажданията са .{0,30}шифровани.{0,200}",
    r"poruke i pozivi .{0,30}šifrir.{0,200}",
    r"správy a hovory sú .{0,30}šifr.{0,200}",
)
"""The line at the beginning of every chat."""

NOTICES = (
    r"your security code with .{1,120} changed.{0,60}",
    r"(seu|o seu|o) código de segurança com .{1,120} mudou.{0,60}",
    r"you're (now|no longer) an admin",
    r"(você|voce) (agora é|não é mais) admin(istrador)?( do grupo)?",
    r"you (blocked|unblocked) this (contact|business).{0,40}",
)
"""Whole lines that WhatsApp writes about the chat itself."""

ACTIONS = (
    r"(created|created this) group.{0,140}",
    r"(added|removed) .{1,140}",
    r"(left|joined)(\.| using .{0,60}| from .{0,60})?",
    r"changed (the (subject|group (name|description|icon))|this group's|their phone).{0,200}",
    r"(turned (on|off)|updated the message timer|set the message timer).{0,200}",
    r"pinned a message.{0,20}",
    r"(criou|criou o|criou este) grupo.{0,140}",
    r"(adicionou|removeu) .{1,140}",
    r"saiu( do grupo)?",
    r"entrou .{0,40}(link|convite|comunidade).{0,60}",
    r"(mudou|alterou) (o nome|a descrição|a imagem|a foto|as configurações|o assunto|de número|seu).{0,200}",
    r"(ativou|desativou|atualizou) .{0,40}(mensagens|temporár|privacidade|duração).{0,200}",
    r"fixou uma mensagem",
    r"(creó el grupo|cambió (el|la)|añadió a|eliminó a|salió).{0,140}",
    r"hat .{0,100}(gruppe|gruppenbild|betreff|hinzugefügt|entfernt|geändert|erstellt|verlassen).{0,100}",
    r"a (créé le groupe|ajouté|retiré|quitté|modifié|changé) .{0,140}",
    r"ha (creato il gruppo|aggiunto|rimosso|abbandonato|cambiato|modificato) .{0,140}",
)
"""What WhatsApp says that somebody did: these follow the name of the person, or one of `YOU`."""

YOU = ("you", "você", "voce", "tú", "tu", "du", "vous", "hai", "u", "je", "вы", "ви")

SYSTEM_VERBS = (
    " changed the ", " created group", " added ", " changed this group", " changed their ", " removed ",
    " mudou o ", " mudou a ", " alterou o ", " alterou a ", " criou o grupo", " criou este grupo",
    " adicionou ",
    " cambió ", " creó ", " hat ", " a changé ", " a modifié ", " ha cambiato ", " ha modificato ",
    " heeft ", " изменил", " создал",
)  # fmt: skip
"""Inside what looks like a sender, these show a line of WhatsApp's own."""

CHAT_FILES = (
    r"WhatsApp[ -]?Chat(?:t|te)?[ -](?:with|mit|met|med|con|s uživatelem|cu|za) (.+)",
    r"WhatsApp Chat - (.+)",
    r"Conversa do WhatsApp com (.+)",
    r"Chat de WhatsApp con (.+)",
    r"Chat WhatsApp con (.+)",
    r"Chat WhatsApp s uživatelem (.+)",
    r"Discussion WhatsApp avec (.+)",
    r"Чат WhatsApp с контактом (.+)",
    r"Чат WhatsApp з (.+)",
    r"Percakapan WhatsApp dengan (.+)",
    r"Chat WhatsApp dengan (.+)",
    r"(.+) ile WhatsApp Sohbeti",
    r"Czat WhatsApp z(?: użytkownikiem)? (.+)",
    r"Conversație WhatsApp cu (.+)",
    r"Συνομιλία WhatsApp με (.+)",
    r"(?:محادثة|دردشة) (?:واتساب|WhatsApp) مع (.+)",
    r"(?:צ'אט|צ׳אט|שיחת) WhatsApp עם (.+)",
    r"(.+) के साथ WhatsApp (?:चैट|की चैट)",
    r"(.+?) ?との ?WhatsApp ?(?:チャット|トーク)",
    r"(.+?)님과의? WhatsApp ?(?:대화|채팅)",
    r"[与與](.+?)的 ?WhatsApp ?.{0,8}",
    r"(?:Đoạn chat|Cuộc trò chuyện) WhatsApp với (.+)",
    r"แชท WhatsApp กับ (.+)",
    r".{0,20}WhatsApp.{1,20}? [-–] (.+)",
)
"""Names of exported files; the group is the chat's name."""

GROUP_WORDS = (
    "group", "grupo", "gruppe", "groupe", "gruppo", "groep", "группа", "группу", "група", "групу", "المجموعة",
    "ग्रुप", "skupin", "grup", "グループ", "กลุ่ม", "nhóm", "群组", "群組", "그룹",
)  # fmt: skip
"""A notice with one of these is about a group."""
