/**
 * The errnos with which the kernel, a driver or a tool refuses a module: number (asm-generic), then the words of glibc,
 * musl, kmod and busybox in English and of glibc in other languages (2.36), lower case, quotes as '.
 */
export const ERRNO_WORDS = `
EPERM: operation not permitted | not permitted | 不允许的操作 | 此項操作並不被允許 | vorgang nicht zulässig |
  opération non permise | 許可されていない操作です | die operation ist nicht erlaubt | operación no permitida |
  operazione non permessa | operação não permitida | операция не позволена | operacja niedozwolona |
  actie is niet toegestaan | operace není povolena | operationen inte tillåten |
  operationen er ikke tilladt | operasjonen er ikke tillatt | toiminto ei ole sallittu |
  i̇şleme izin verilmedi | дію заборонено | a művelet nem engedélyezett | 명령을 허용하지 않음 |
  l'operació no és permesa | η λειτουργία δεν επιτρέπεται | operácia nie je povolená
ENOENT: no such file or directory | unknown symbol in module, or unknown parameter |
  unknown symbol in module or invalid parameter | unknown symbol in module | 没有那个文件或目录 | 没有該文件或目錄 |
  沒有此一檔案或目錄 | aucun fichier ou répertoire de ce type | no existe el archivo o el directorio |
  arquivo ou diretório não encontrado | нет такого файла или каталога |
  datei oder verzeichnis nicht gefunden | そのようなファイルやディレクトリはありません | aucun fichier ou dossier de ce type |
  no existe el fichero o el directorio | file o directory non esistente | ficheiro ou pasta inexistente |
  arquivo ou diretório inexistente | nie ma takiego pliku ani katalogu | bestand of map bestaat niet |
  adresář nebo soubor neexistuje | filen eller katalogen finns inte | ingen sådan fil eller filkatalog |
  ingen slik fil eller filkatalog | tiedostoa tai hakemistoa ei ole | böyle bir dosya ya da dizin yok |
  немає такого файла або каталогу | nincs ilyen fájl vagy könyvtár | 그런 파일이나 디렉터리가 없습니다 |
  el fitxer o directori no existeix | δεν υπάρχει τέτοιο αρχείο ή κατάλογος |
  adresár alebo súbor neexistuje
ESRCH: no such process | module has wrong symbol version | kein passender prozess gefunden |
  aucun processus de ce type | no existe el proceso | nessun processo corrisponde | processo inexistente |
  нет такого процесса | nie ma takiego procesu | proces bestaat niet | tento proces neexistuje |
  processen finns inte | ingen sådan proces | ingen slik prosess | prosessia ei ole |
  böyle bir süreç yok | немає такого процесу | nincs ilyen folyamat | そのようなプロセスはありません | 没有那个进程 | 沒有此一程序 |
  그런 프로세스가 없음 | el procés no existeix | δεν υπάρχει τέτοια διεργασία
EIO: input/output error | i/o error | eingabe-/ausgabefehler | erreur d'entrée/sortie |
  error de entrada/salida | errore di input/output | erro de entrada/saída | ошибка ввода/вывода |
  błąd wejścia/wyjścia | invoer-/uitvoerfout | chyba vstupu/výstupu | in/ut-fel | inddata/uddata-fejl |
  inn/ut-feil | i/o-virhe | girdi/çıktı hatası | помилка введення-виведення | kimeneti/bemeneti hiba |
  入力/出力エラーです | 输入/输出错误 | 輸入/輸出錯誤 | 입력/출력 오류 | error d'entrada/sortida | σφάλμα εισόδου/εξόδου
ENXIO: no such device or address | kein passendes gerät bzw. keine passende adresse gefunden |
  aucun périphérique ou adresse | no existe el dispositivo o la dirección |
  device o indirizzo non esistente | dispositivo ou endereço inexistente |
  endereço ou dispositivo inexistente | нет такого устройства или адреса |
  nie ma takiego urządzenia ani adresu | apparaat of adres bestaat niet |
  takové zařízení nebo adresa neexistuje | enheten eller adressen finns inte |
  ingen sådan enhed eller adresse | laitetta tai osoitetta ei ole | böyle bir aygıt ya da adres yok |
  немає такого пристрою чи адреси | nem létező eszköz vagy cím | そのようなデバイスやアドレスはありません | 没有那个设备或地址 |
  沒有此一裝置或位址 | 그런 장치 혹은 주소가 없음 | el dispositiu o adreça no existeix |
  δεν υπάρχει τέτοια συσκευή ή διεύθυνση | také zariadenie alebo adresa neexistuje
ENOEXEC: exec format error | invalid module format | 可执行文件格式错误 | 無効なモジュール形式 | exec 格式错误 |
  fehler im format der programmdatei | erreur de format pour exec() | formato de ejecutable incorrecto |
  formato eseguibile non valido | erro de formato do executável | erro no formato exec |
  ошибка формата выполняемого файла | błędny format pliku wykonywalnego | verkeerd uitvoerbaar bestand |
  chybný formát spustitelného souboru | formatfel på körbar fil | ugyldigt format på eksekverbar fil |
  ugyldig format på eksekverbar fil | käynnistettävän tiedoston muoto virheellinen |
  çalıştırılabilir biçem hatası | помилка, пов'язана з форматом виконуваних файлів |
  érvénytelen végrehajtható fájlformátum | 実行形式エラー | 可執行檔格式錯誤 | exec 형식 오류 |
  l'executable té un format erroni | σφάλμα στη διαμόρφωση του εκτελέσιμου |
  chybný formát spustiteľného súboru
EAGAIN: resource temporarily unavailable | try again | die ressource ist zur zeit nicht verfügbar |
  ressource temporairement non disponible | recurso no disponible temporalmente |
  risorsa temporaneamente non disponibile | recurso temporariamente indisponível |
  ресурс временно недоступен | zasoby chwilowo niedostępne | hulpbron is tijdelijk onbeschikbaar |
  prostředek je dočasně nepřístupný | resursen tillfälligt otillgänglig |
  resursen midlertidig utilgængelig | ressursen midlertidig utilgjengelig |
  resurssi ei tilapäisesti ole käytettävissä | özkaynak geçici olarak kullanılamaz durumda |
  ресурс тимчасово недоступний | erőforrás átmenetileg nem érhető el | リソースが一時的に利用できません | 资源暂时不可用 |
  資源暫時無法取得 | 자원이 일시적으로 사용 불가능함 | el recurs no es troba disponible temporalment |
  ο πόρος είναι προσωρινά μη διαθέσιμος | zdroj je dočasne neprístupný
ENOMEM: cannot allocate memory | out of memory | nicht genügend hauptspeicher verfügbar |
  ne peut allouer de la mémoire | no se pudo asignar memoria | impossibile allocare memoria |
  impossível alocar memória | não foi possível alocar memória | невозможно выделить память |
  nie można przydzielić pamięci | onvoldoende geheugen beschikbaar | nelze alokovat paměť |
  kan inte allokera minne | kan ikke tildele hukommelse | kan ikke tildele minne |
  muistin varaaminen ei onnistu | bellek ayrılamadı | не вдалося розподілити пам'ять |
  nem foglalható memória | メモリを確保できません | 无法分配内存 | 無法配置記憶體 | 메모리를 할당할 수 없습니다 |
  no s'ha pogut reservar memòria | δεν είναι δυνατό να δεσμευτεί μνήμη | nie je možné prideliť pamäť
EACCES: permission denied | 权限不够 | 拒絕不符權限的操作 | accès refusé | keine berechtigung |
  permission non accordée | permiso denegado | permesso negato | permissão recusada | permissão negada |
  отказано в доступе | brak dostępu | toegang geweigerd | operace zamítnuta | åtkomst nekas |
  adgang nægtet | ikke tilgang | lupa evätty | erişim engellendi | відмовлено у доступі |
  engedély megtagadva | 許可がありません | 허가 거부 | s'ha denegat el permís | άρνηση πρόσβασης |
  prístup odmietnutý
EFAULT: bad address | ungültige adresse | mauvaise adresse | dirección incorrecta | indirizzo errato |
  mau endereço | endereço inválido | неправильный адрес | błędny adres | ongeldig adres | chybná adresa |
  felaktig adress | ugyldig adresse | virheellinen osoite | adres hatalı | неправильна адреса |
  hibás cím | 不正なアドレスです | 错误的地址 | 錯誤的位址 | 주소가 잘못됨 | l'adreça no és vàlida | εσφαλμένη διεύθυνση
EBUSY: device or resource busy | resource busy | 设备或资源忙 | das gerät oder die ressource ist belegt |
  périphérique ou ressource occupé | dispositivo o recurso ocupado | dispositivo o risorsa occupata |
  dispositivo ou recurso ocupado | dispositivo ou recurso está ocupado | устройство или ресурс занято |
  urządzenie lub zasoby zajęte | apparaat of hulpbron is bezig | zařízení nebo zdroj jsou používány |
  enhet eller resurs upptagen | enheden eller ressourcen optaget | enheten eller ressursen opptatt |
  laite tai resurssi varattu | aygıt ya da özkaynak meşgul | пристрій або ресурс зайнято |
  az eszköz vagy erőforrás foglalt | デバイスもしくはリソースがビジー状態です | 裝置或系統資源忙碌中 | 장치나 자원이 동작 중 |
  el dispositiu o recurs es troba ocupat | συσκευή ή πόροι είναι απασχολημένοι |
  zariadenie alebo iný zdroj je používané
EEXIST: file exists | module already in kernel | 文件已存在 | 檔案已存在 | le fichier existe | ファイルが存在します |
  die datei existiert bereits | el fichero ya existe | file già esistente | o ficheiro existe |
  arquivo existe | файл существует | plik istnieje | bestand bestaat al | soubor již existuje |
  filen existerar | filen eksisterer | tiedosto on olemassa | dosya var | файл вже існує |
  a fájl már létezik | 파일이 있습니다 | el fitxer ja existeix | το αρχείο υπάρχει | súbor existuje
ENODEV: no such device | kein passendes gerät gefunden | aucun périphérique de ce type |
  no existe el dispositivo | nessun device corrisponde | dispositivo inexistente | нет такого устройства |
  nie ma takiego urządzenia | onjuist apparaat | takové zařízení neexistuje | enheten finns inte |
  ingen sådan enhed | ingen slik enhet | laitetta ei ole | böyle bir aygıt yok | пристрою не знайдено |
  nincs ilyen eszköz | そのようなデバイスはありません | 没有那个设备 | 沒有此一裝置 | 그런 장치가 없음 | el dispositiu no és vàlid |
  δεν υπάρχει τέτοια συσκευή | také zariadenie neexistuje
EINVAL: invalid argument | invalid parameters | invalid parameter | das argument ist ungültig |
  argument invalide | argumento inválido | argomento non valido | недопустимый аргумент | zły argument |
  ongeldig argument | nepřípustný argument | ogiltigt argument | ugyldigt argument | ugyldig argument |
  virheellinen argumentti | geçersiz argüman | некоректний аргумент | érvénytelen argumentum | 無効な引数です |
  无效的参数 | 不適用的引數 | 부적절한 인수 | l'argument passat no és vàlid | μη έγκυρη παράμετρος | neprípustný argument
ENOSPC: no space left on device | auf dem gerät ist kein speicherplatz mehr verfügbar |
  aucun espace disponible sur le périphérique | no queda espacio en el dispositivo |
  spazio esaurito sul device | sem espaço livre no dispositivo | não há espaço disponível no dispositivo |
  на устройстве не осталось свободного места | brak miejsca na urządzeniu |
  geen ruimte meer over op apparaat | na zařízení není volné místo | enheten är full |
  ikke mere plads på enheden | ikke mer plass på enheten | laitteella ei ole tilaa jäljellä |
  aygıt üzerinde boş yer yok | недостатньо місця на пристрої | nincs több hely a lemezen |
  デバイスに空き領域がありません | 设备上没有空间 | 裝置上已無多餘空間 | 장치에 남은 공간이 없음 | no resta espai al dispositiu |
  δεν έμεινε καθόλου χώρος στη συσκευή | na zariadení už nie je žiadne miesto
EROFS: read-only file system | das dateisystem ist nur lesbar | système de fichiers accessible en lecture seulement |
  sistema de archivos de solo lectura | sistema de ficheros de sólo lectura | file system in sola lettura |
  sistema de arquivos somente para leitura | файловая система доступна только для чтения | 只读文件系统 |
  唯讀檔案系統 | 読み込み専用ファイルシステムです | system plików tylko do odczytu
EDQUOT: disk quota exceeded | der zugewiesene plattenplatz (quota) ist überschritten | débordement du quota d'espace disque |
  se ha excedido la cuota de disco | превышена квота для диска | 超出磁盘限额 | ディスク使用量制限を超過しました
ENOTTY: inappropriate ioctl for device | not a tty
ERANGE: numerical result out of range | math result not representable | result not representable |
  das numerische ergebnis ist außerhalb des gültigen bereiches |
  le résultat numérique est en dehors de l'intervalle | resultado numérico fuera de rango |
  risultato numerico fuori dall'intervallo | resultado numérico fora do intervalo |
  resultado numérico fora de alcance | числовой результат вне представимого диапазона |
  wynik liczbowy poza zakresem | numeriek resultaat valt buiten bereik | číselný výsledek mimo rozsah |
  numeriskt resultat är utanför giltigt intervall | numerisk resultat er udenfor gyldigt område |
  numerisk resultat er utenfor gyldig område | numeerinen tulos on sallitun välin ulkopuolella |
  sayısal sonuç kapsam dışı | числовий результат поза дозволеним діапазоном |
  a numerikus eredmény kívül esik a tartományon | 計算結果は範囲外の値です | 数值结果超出范围 | 數值運算結果超出範圍 | 범위를 벗어난 수치 결과 |
  el resultat numèric és fora de rang | το αριθμητικό αποτέλεσμα είναι έξω από το πεδίο |
  číselný výsledok mimo povoleného rozsahu
ENOSYS: function not implemented | kernel does not support requested operation |
  die angeforderte funktion ist nicht implementiert | fonction non implantée | función no implementada |
  funzione non implementata | função não implementada | функция не реализована |
  nie zaimplementowana funkcja | functie is niet aanwezig | funkce není implementována |
  funktion inte implementerad | funktionen er ikke implementeret | funksjonen er ikke implementert |
  funktion toteutus puuttuu | i̇şlev bulunamadı (bir güncelleme gerekebilir) | функцію не реалізовано |
  a függvény nincs megvalósítva | 関数は実装されていません | 函数未实现 | 功能沒有實作 | 함수를 구현하지 않았습니다 |
  la funció no està implementada | η λειτουργία δεν έχει υλοποιηθεί | funkcia nie je implementovaná
ENOPKG: package not installed | das zusatzpacket ist nicht installiert |
  le paquetage n'est pas installé | el paquete no está instalado | pacchetto non installato |
  pacote não instalado | пакет не установлен | pakiet nie jest zainstalowany |
  pakket is niet geïnstalleerd | balík není nainstalován | paketet är inte installerat |
  pakken er ikke installeret | pakken er ikke installert | pakettia ei ole asennettu | paket yüklenmedi |
  пакунок не встановлено | a csomag nincs telepítve | パッケージはインストールされていません | 包未安装 | 套件並未安裝 |
  패키지를 설치하지 않았습니다 | el paquet no es troba instal·lat | το πακέτο δεν εγκαταστάθηκε |
  balík nie je nainštalovaný
EBADMSG: bad message | not a data message | ungültige nachricht | message invalide | mensaje erróneo |
  messaggio errato | má mensagem | mensagem inválida | неправильное сообщение | błędny komunikat |
  ongeldig bericht | chybná zpráva | felaktigt meddelande | ugyldig meddelelse | ugyldig melding |
  virheellinen viesti | i̇leti hatalı | помилкове повідомлення | rossz üzenet | 不正なメッセージです | 错误的消息 |
  錯誤的訊息 | 메시지가 잘못됨 | el missatge no és vàlid | εσφαλμένο μήνυμα | chybná správa
ELIBBAD: accessing a corrupted shared library
EOPNOTSUPP: operation not supported | operation not supported on transport endpoint | not supported |
  die operation wird nicht unterstützt | opération non supportée | la operación no está soportada |
  operazione non supportata | operação não suportada | operação sem suporte | неподдерживаемая операция |
  operacja nie obsługiwana | actie wordt niet ondersteund | operace není podporována |
  operationen stöds ej | operationen er ikke understøttet | operasjonen er ikke støttet |
  toiminto ei ole tuettu | i̇şlem desteklenmiyor | дія не підтримується | a művelet nem támogatott |
  サポートされていない操作です | 不支持的操作 | 此項操作並不被支援 | 명령을 지원하지 않음 | no es permet l'ús de l'operació |
  η λειτουργία δεν υποστηρίζεται | operácia nie je podporovaná
ETIMEDOUT: connection timed out | operation timed out |
  die wartezeit für die verbindung ist abgelaufen | connexion terminée par expiration du délai d'attente |
  expiró el tiempo de conexión | connessione scaduta | ligação expirada | tempo esgotado para conexão |
  время ожидания соединения истекло | przekroczony czas oczekiwania na połączenie |
  verbinding is verlopen | spojení bylo příliš dlouho neaktivní | förbindelsens tidsgräns löpte ut |
  opkoblingen overskred tidsgrænsen | oppkoblingen overskred tidsgrensen | yhteys aikakatkaistu |
  bağlantıda zaman aşımı | перевищено інтервал очікування з'єднання | időtúllépés a kapcsolatban |
  接続がタイムアウトしました | 连接超时 | 連線超過時間 | 연결 시간 초과 | la connexió ha expirat | λήξη σύνδεσης |
  časový limit pre spojenie vypršal
ENOKEY: required key not available | der notwendige schlüssel ist nicht verfügbar |
  clé requise non disponible | la clave requerida no está disponible |
  la chiave richiesta non è disponibile | chave requerida indisponível | chave necessária não disponível |
  требуемый ключ недоступен | wymagany klucz niedostępny | vereiste sleutel is niet beschikbaar |
  požadovaný klíč není dostupný | obligatorisk nyckel inte tillgänglig |
  obligatorisk nøgle ikke tilgængelig | vaadittava avain ei ole saatavilla |
  gerekli anahtar/tuş kullanılamaz durumda | потрібний ключ недоступний |
  a szükséges kulcs nem érhető el | 要求されたキーが利用できません | 需要的关键字不存在 | 必要鍵值無法使用 | 필요한 키가 없습니다 |
  la clau requerida no es troba disponible
EKEYREJECTED: key was rejected by service | 密钥被服务所拒绝 | der schlüssel wurde von dienst zurückgewiesen |
  la clé a été rejetée par le service | la clave fue rechazada por el servicio |
  la chiave è stata rifiutata dal servizio | chave rejeitada pelo serviço |
  a chave foi rejeitada pelo serviço | ключ был отвергнут службой | klucz został odrzucony przez usługę |
  sleutel werd geweigerd door service | klíč byl odmítnut službou |
  nyckeln accepterades inte av tjänsten | nøglen blev afvist af tjeneste | palvelu hylkäsi avaimen |
  anahtar hizmet tarafından reddedildi | служба відмовилася прийняти ключ |
  a kulcsot a szolgáltatás elutasította | キーがサービスによって拒否されました | 键值被服务所拒绝 | 鍵值被服務所拒絕 | 서비스가 키를 거부했습니다 |
  el servei ha rebutjat la clau
`;
